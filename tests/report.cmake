wp_test(test_words LABELS unit property SOURCES test_words.c)
