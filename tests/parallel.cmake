# Results do not depend on how they are computed. One compiler's build tries every way; that of another
# compiler needs few to be compared with it through the table.
set(WP_DIGEST_WAYS)
if(NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
  set(WP_DIGEST_WAYS --few)
endif()
wp_test_run(test_digest LABELS golden compilers TIMEOUT 1800 NEEDS wholeplace_command
            COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/test_digest.sh $<TARGET_FILE:wholeplace_command> ${WP_DIGEST_WAYS})
wp_test_run(test_bench LABELS unit NEEDS wholeplace_command
            COMMAND ${CMAKE_COMMAND} -D RUN=${PROJECT_SOURCE_DIR}/benches/run
            -D COMMAND=$<TARGET_FILE:wholeplace_command> -D FOLDER=${CMAKE_CURRENT_BINARY_DIR}/bench
            -P ${CMAKE_CURRENT_SOURCE_DIR}/check_bench.cmake)
wp_test(test_threads LABELS property threads TIMEOUT 900)
wp_test(test_forks LABELS property threads TIMEOUT 900)
wp_test_run(test_forks_more LABELS golden COMMAND test_forks 10 100 TIMEOUT 900 NEEDS test_forks)
wp_test_run(test_forks_many LABELS slow COMMAND test_forks 200 1000 TIMEOUT 7200 NEEDS test_forks)
wp_test(test_run_faults LABELS fault FAULTS)
wp_test(test_pools LABELS property threads)
wp_test(test_valuation LABELS property threads)
wp_test(test_spend LABELS property exact)
wp_test(test_spillover LABELS property exact threads TIMEOUT 900)
wp_test(test_stopping LABELS property exact)
