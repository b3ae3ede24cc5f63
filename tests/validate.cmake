wp_test(test_validate LABELS unit SOURCES test_validate.c engine_run.c result_fixture.c TIMEOUT 300)
