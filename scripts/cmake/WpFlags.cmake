# wp_flags: how all code of the project is compiled. Results need -ffp-contract=off and no
# -ffast-math: the same source must give the same bits with every compiler.
add_library(wp_flags INTERFACE)
target_compile_options(wp_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Werror -ffp-contract=off)

if(WP_SANITIZE STREQUAL "address-undefined")
  set(WP_SANITIZE_FLAGS -fsanitize=address,undefined -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
elseif(WP_SANITIZE STREQUAL "thread")
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "WP_SANITIZE=thread needs clang and libomp: gcc's libgomp is not "
                        "instrumented and every barrier would look like a race")
  endif()
  set(WP_SANITIZE_FLAGS -fsanitize=thread -fno-omit-frame-pointer)
elseif(WP_SANITIZE)
  message(FATAL_ERROR "WP_SANITIZE is '${WP_SANITIZE}'; it must be address-undefined, thread or empty")
endif()
if(WP_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "WP_FUZZ needs clang, which has libFuzzer")
  endif()
  if(NOT WP_SANITIZE STREQUAL "address-undefined")
    message(FATAL_ERROR "WP_FUZZ needs -D WP_SANITIZE=address-undefined: else it would find little")
  endif()
  target_compile_options(wp_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_compile_options(wp_flags INTERFACE ${WP_SANITIZE_FLAGS})
target_link_options(wp_flags INTERFACE ${WP_SANITIZE_FLAGS})
