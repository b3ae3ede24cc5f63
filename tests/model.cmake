wp_test(test_model_compile LABELS unit property SOURCES test_model_compile.c)
wp_test(test_model_parameter LABELS unit exact SOURCES test_model_parameter.c)
wp_test(test_model_parts LABELS unit property SOURCES test_model_parts.c)
wp_test(test_model_fault LABELS fault SOURCES test_model_fault.c FAULTS)
