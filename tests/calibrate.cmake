wp_test(test_fit LABELS unit exact)
wp_test(test_calibrate LABELS exact TIMEOUT 600)
wp_test(test_align LABELS unit exact FAULTS)
