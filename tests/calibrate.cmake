wp_test(test_fit LABELS unit exact SOURCES test_fit.c)
wp_test(test_calibrate LABELS exact SOURCES test_calibrate.c engine_run.c TIMEOUT 600)
wp_test(test_align LABELS unit exact SOURCES test_align.c engine_run.c FAULTS TIMEOUT 300)
