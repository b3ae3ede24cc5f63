wp_test(test_validate LABELS unit)
