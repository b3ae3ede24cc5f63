wp_test(test_ipf LABELS unit exact fault SOURCES test_ipf.c FAULTS)
wp_test(test_population LABELS unit property fault compilers SOURCES test_population.c FAULTS)
wp_test(test_population_file LABELS unit property fault SOURCES test_population_file.c FAULTS)
wp_test(test_population_place LABELS property SOURCES test_population_place.c)
