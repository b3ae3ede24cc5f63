wp_test(test_money LABELS unit exact SOURCES test_money.c result_fixture.c)
wp_test(test_money_resolve LABELS unit SOURCES test_money_resolve.c result_fixture.c)
wp_test(test_figures LABELS unit SOURCES test_figures.c engine_run.c)
