wp_test(test_interval LABELS unit exact SOURCES test_interval.c)
wp_test(test_savings LABELS property exact SOURCES test_savings.c statistics.c engine_run.c TIMEOUT 300)
wp_test(test_nested LABELS unit exact SOURCES test_nested.c)
