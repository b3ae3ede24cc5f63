wp_test(test_base_fail LABELS unit)
wp_test(test_base_arena LABELS unit fault FAULTS)
wp_test(test_base_text LABELS unit fault FAULTS)
wp_test(test_base_digest LABELS unit compilers)
