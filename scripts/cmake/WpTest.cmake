# wp_test(NAME LABELS label... SOURCES file... [FAULTS] [TIMEOUT seconds])
#   One cmocka executable and one ctest. Labels: unit property exact golden fault fuzz slow mpi, and
#   threads (also run under the thread sanitizer), compilers (also run in a clang release build).
#   FAULTS wraps the allocator (tests/failing_alloc.h).
# wp_fuzz(NAME SOURCES file... CORPUS folder)
#   A libFuzzer target with -D WP_FUZZ=ON; else a test that replays the corpus.
set(WP_LABELS unit property exact golden fault fuzz slow mpi threads compilers)

pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

function(wp_test_program name)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE
    ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/engine ${PROJECT_BINARY_DIR}/generated)
  target_compile_definitions(${name} PRIVATE
    WP_TESTS_DIR="${PROJECT_SOURCE_DIR}/tests" WP_SCENARIOS_DIR="${PROJECT_SOURCE_DIR}/scenarios"
    WP_COMMAND_PATH="${PROJECT_BINARY_DIR}/wholeplace")
  target_link_libraries(${name} PRIVATE wp_flags wholeplace::wholeplace PkgConfig::CMOCKA
    PkgConfig::YAML PkgConfig::GSL PkgConfig::NETTLE PkgConfig::HDF5 ${WP_HDF5_HL}
    OpenMP::OpenMP_C m)
endfunction()

function(wp_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FAULTS" "TIMEOUT" "LABELS;SOURCES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_LABELS OR NOT arg_SOURCES)
    message(FATAL_ERROR "wp_test(${name}): LABELS and SOURCES are needed, and nothing unknown: "
                        "'${arg_UNPARSED_ARGUMENTS}'")
  endif()
  foreach(label IN LISTS arg_LABELS)
    if(NOT label IN_LIST WP_LABELS)
      message(FATAL_ERROR "wp_test(${name}): unknown label '${label}'; known: ${WP_LABELS}")
    endif()
  endforeach()
  if(arg_FAULTS AND BUILD_SHARED_LIBS)
    return() # The linker's --wrap does not reach into a shared library.
  endif()
  if(arg_FAULTS)
    list(APPEND arg_SOURCES ${PROJECT_SOURCE_DIR}/tests/failing_alloc.c)
  endif()
  wp_test_program(${name} ${arg_SOURCES})
  if(arg_FAULTS)
    target_link_options(${name} PRIVATE
      -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT})
  if(TARGET wholeplace_command)
    add_dependencies(${name} wholeplace_command)
  endif()
endfunction()

function(wp_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_CORPUS OR NOT arg_SOURCES)
    message(FATAL_ERROR "wp_fuzz(${name}): SOURCES and CORPUS are needed")
  endif()
  if(WP_FUZZ)
    wp_test_program(${name} ${arg_SOURCES})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    wp_test_program(${name} ${arg_SOURCES} ${PROJECT_SOURCE_DIR}/tests/fuzz_replay.c)
    add_test(NAME ${name} COMMAND ${name} ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS})
    set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT 300)
  endif()
endfunction()
