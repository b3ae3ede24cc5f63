# Results do not depend on how they are computed. One compiler's build tries every way; that of another
# compiler needs few to be compared with it through the table.
if(TARGET wholeplace_command)
  set(WP_DIGEST_WAYS)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set(WP_DIGEST_WAYS --few)
  endif()
  add_test(NAME test_digest COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/test_digest.sh
           $<TARGET_FILE:wholeplace_command> ${WP_DIGEST_WAYS})
  set_tests_properties(test_digest PROPERTIES LABELS "golden;compilers" TIMEOUT 1800)
  add_test(NAME test_bench COMMAND ${CMAKE_COMMAND} -D RUN=${PROJECT_SOURCE_DIR}/benches/run
           -D COMMAND=$<TARGET_FILE:wholeplace_command> -D FOLDER=${CMAKE_CURRENT_BINARY_DIR}/bench
           -P ${CMAKE_CURRENT_SOURCE_DIR}/check_bench.cmake)
  set_tests_properties(test_bench PROPERTIES LABELS "unit" TIMEOUT 300)
endif()
wp_test(test_threads LABELS property threads SOURCES test_threads.c engine_run.c TIMEOUT 900)
wp_test(test_forks LABELS property threads
  SOURCES test_forks.c generator/scenario_generator.c engine_run.c statistics.c TIMEOUT 900)
wp_test(test_run_faults LABELS fault
  SOURCES test_run_faults.c generator/scenario_generator.c engine_run.c FAULTS)
add_test(NAME test_forks_many COMMAND test_forks 200 1000)
set_tests_properties(test_forks_many PROPERTIES LABELS slow TIMEOUT 7200)
wp_test(test_pools LABELS property threads SOURCES test_pools.c engine_run.c TIMEOUT 300)
wp_test(test_valuation LABELS property threads SOURCES test_valuation.c engine_run.c TIMEOUT 300)
wp_test(test_spend LABELS property exact SOURCES test_spend.c exact_run.c statistics.c engine_run.c TIMEOUT 300)
wp_test(test_stopping LABELS property exact SOURCES test_stopping.c engine_run.c TIMEOUT 300)
