wp_test(test_ipf LABELS unit exact fault FAULTS)
wp_test(test_population LABELS unit property fault compilers FAULTS)
wp_test(test_population_file LABELS unit property fault FAULTS)
wp_test(test_population_place LABELS property)
