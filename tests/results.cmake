wp_test(test_result LABELS unit fault)
wp_test(test_result_faults LABELS fault FAULTS)
