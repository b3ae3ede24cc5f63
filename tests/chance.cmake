wp_test(test_chance_key LABELS unit property compilers SOURCES test_chance_key.c)
wp_test(test_chance_elementary LABELS unit property compilers SOURCES test_chance_elementary.c)
wp_test(test_chance_quantile_table LABELS unit exact fault
        SOURCES test_chance_quantile_table.c FAULTS)
wp_test(test_chance_parameter LABELS unit exact SOURCES test_chance_parameter.c)
wp_test(test_chance_stratified LABELS unit property compilers SOURCES test_chance_stratified.c)
