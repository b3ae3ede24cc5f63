wp_test_run(test_cli LABELS unit COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/test_cli.sh
            $<TARGET_FILE:wholeplace_command> NEEDS wholeplace_command)
