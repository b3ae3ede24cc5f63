wp_test(test_tallies LABELS unit exact
  SOURCES test_tallies.c exact_run.c statistics.c engine_run.c TIMEOUT 900)
wp_test(test_cellsets LABELS unit SOURCES test_cellsets.c)
