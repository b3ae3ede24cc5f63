wp_test(test_words LABELS unit property)
wp_test_run(test_export LABELS unit COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/test_export.sh
            $<TARGET_FILE:wholeplace_command> NEEDS wholeplace_command)
set_tests_properties(test_export PROPERTIES SKIP_RETURN_CODE 77)
