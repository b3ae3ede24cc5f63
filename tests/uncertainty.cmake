wp_test(test_interval LABELS unit exact SOURCES test_interval.c)
