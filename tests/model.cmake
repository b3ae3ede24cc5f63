wp_test(test_model_compile LABELS unit property)
wp_test(test_model_parameter LABELS unit exact)
wp_test(test_model_parts LABELS unit property)
wp_test(test_model_fault LABELS fault FAULTS)
