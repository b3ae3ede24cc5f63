# wp_test(NAME LABELS label... [SOURCES file...] [FAULTS] [TIMEOUT seconds])
#   One cmocka executable and one ctest, of NAME.c unless SOURCES says otherwise and of what it uses of
#   test_support. Labels: unit property exact golden fault fuzz slow mpi, and threads (also run under the
#   thread sanitizer), compilers (also run in a clang release build). FAULTS wraps the allocator
#   (tests/failing_alloc.h).
# wp_test_run(NAME LABELS label... COMMAND command... [TIMEOUT seconds] [NEEDS target...])
#   One ctest that runs a command; NEEDS are the targets of this build that it runs.
# wp_fuzz(NAME SOURCES file... CORPUS folder)
#   A libFuzzer target with -D WP_FUZZ=ON; else a test that replays the corpus.
# The target tests_LABEL builds what the tests with a label need.
set(WP_LABELS unit property exact golden fault fuzz slow mpi threads compilers)
foreach(label IN LISTS WP_LABELS)
  add_custom_target(tests_${label})
endforeach()

pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

# How tests are compiled: without much optimising, which costs more than it gains where the engine does the work.
add_library(wp_test_flags INTERFACE)
target_compile_options(wp_test_flags INTERFACE $<$<CONFIG:Release>:-O1>)
target_include_directories(wp_test_flags INTERFACE
  ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/engine ${PROJECT_BINARY_DIR}/generated)
target_compile_definitions(wp_test_flags INTERFACE
  WP_TESTS_DIR="${PROJECT_SOURCE_DIR}/tests" WP_SCENARIOS_DIR="${PROJECT_SOURCE_DIR}/scenarios")
target_link_libraries(wp_test_flags INTERFACE wp_flags wholeplace::wholeplace PkgConfig::CMOCKA
  PkgConfig::YAML PkgConfig::GSL PkgConfig::NETTLE PkgConfig::HDF5 ${WP_HDF5_HL} OpenMP::OpenMP_C m)

function(wp_test_program name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE test_support wp_test_flags)
endfunction()

function(wp_test_run name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LABELS;COMMAND;NEEDS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_LABELS OR NOT arg_COMMAND)
    message(FATAL_ERROR "wp_test_run(${name}): LABELS and COMMAND are needed, and nothing unknown: "
                        "'${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND ${arg_COMMAND})
  # What may take long begins first.
  set_tests_properties(${name} PROPERTIES
    LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} COST ${arg_TIMEOUT})
  foreach(label IN LISTS arg_LABELS)
    if(NOT label IN_LIST WP_LABELS)
      message(FATAL_ERROR "${name}: unknown label '${label}'; known: ${WP_LABELS}")
    endif()
    if(arg_NEEDS)
      add_dependencies(tests_${label} ${arg_NEEDS})
    endif()
  endforeach()
endfunction()

function(wp_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FAULTS" "TIMEOUT" "LABELS;SOURCES")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_LABELS)
    message(FATAL_ERROR "wp_test(${name}): LABELS are needed, and nothing unknown: "
                        "'${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(arg_FAULTS AND BUILD_SHARED_LIBS)
    return() # The linker's --wrap does not reach into a shared library.
  endif()
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${name}.c)
  endif()
  wp_test_program(${name} ${arg_SOURCES})
  if(arg_FAULTS)
    target_link_options(${name} PRIVATE
      -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc)
  endif()
  wp_test_run(${name} LABELS ${arg_LABELS} COMMAND ${name} TIMEOUT ${arg_TIMEOUT} NEEDS ${name})
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
    wp_test_run(${name} LABELS fuzz COMMAND ${name} ${CMAKE_CURRENT_SOURCE_DIR}/${arg_CORPUS} NEEDS ${name})
  endif()
endfunction()
