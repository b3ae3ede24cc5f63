wp_test(test_result LABELS unit fault SOURCES test_result.c result_fixture.c)
wp_test(test_result_faults LABELS fault SOURCES test_result_faults.c result_fixture.c FAULTS)
