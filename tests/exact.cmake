# The engine against theory, against the slow reference, and against itself.
set(WP_REFERENCE_SOURCES
  reference/advance.c reference/compare.c reference/effect.c reference/entry.c reference/event.c
  reference/intervention.c reference/look.c reference/quantity.c reference/run.c reference/spell.c
  reference/verify.c)
set(WP_STATISTICS_SOURCES statistics.c engine_run.c)

wp_test(test_reference LABELS property
  SOURCES test_reference.c ${WP_REFERENCE_SOURCES} ${WP_STATISTICS_SOURCES} TIMEOUT 900)
wp_test(test_reference_engine LABELS property
  SOURCES test_reference_engine.c ${WP_REFERENCE_SOURCES} ${WP_STATISTICS_SOURCES} TIMEOUT 1800)
wp_test(test_exact_chains LABELS exact
  SOURCES test_exact_chains.c exact_chain.c exact_run.c ${WP_STATISTICS_SOURCES} TIMEOUT 900)
wp_test(test_exact_people LABELS exact
  SOURCES test_exact_people.c exact_run.c ${WP_STATISTICS_SOURCES} TIMEOUT 900)
wp_test(test_exact_spells LABELS exact
  SOURCES test_exact_spells.c exact_run.c ${WP_STATISTICS_SOURCES} TIMEOUT 900)
wp_test(test_exact_broken LABELS exact
  SOURCES test_exact_broken.c exact_chain.c exact_run.c ${WP_REFERENCE_SOURCES} ${WP_STATISTICS_SOURCES} TIMEOUT 900)
wp_test(test_metamorphic LABELS property threads
  SOURCES test_metamorphic.c ${WP_STATISTICS_SOURCES} TIMEOUT 900)
wp_test(test_metamorphic_money LABELS property SOURCES test_metamorphic_money.c engine_run.c TIMEOUT 300)
wp_test(test_reference_random LABELS property
  SOURCES test_reference_random.c generator/scenario_generator.c ${WP_REFERENCE_SOURCES} ${WP_STATISTICS_SOURCES}
  TIMEOUT 900)
add_test(NAME test_reference_random_many COMMAND test_reference_random 60 1000)
set_tests_properties(test_reference_random_many PROPERTIES LABELS slow TIMEOUT 7200)
