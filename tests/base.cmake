wp_test(test_base_fail LABELS unit SOURCES test_base_fail.c)
wp_test(test_base_arena LABELS unit fault SOURCES test_base_arena.c FAULTS)
wp_test(test_base_text LABELS unit fault SOURCES test_base_text.c FAULTS)
wp_test(test_base_digest LABELS unit compilers SOURCES test_base_digest.c)
