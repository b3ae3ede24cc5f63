wp_test(test_tallies LABELS unit exact
  SOURCES test_tallies.c exact_run.c statistics.c engine_run.c TIMEOUT 900)
