wp_test(test_money LABELS unit exact)
wp_test(test_money_resolve LABELS unit)
wp_test(test_figures LABELS unit)
