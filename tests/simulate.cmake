wp_test(test_tallies LABELS unit exact TIMEOUT 900)
wp_test(test_cellsets LABELS unit)
