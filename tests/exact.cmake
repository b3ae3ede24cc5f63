# The engine against theory, against the slow reference, and against itself.
wp_test(test_reference LABELS exact TIMEOUT 900)
wp_test(test_reference_engine LABELS exact TIMEOUT 1800)
# Few lives, for the sanitizers: every capability of the language in both simulators.
wp_test_run(test_reference_engine_few LABELS property COMMAND test_reference_engine 0.05 NEEDS test_reference_engine)
wp_test(test_exact_chains LABELS exact TIMEOUT 900)
wp_test(test_exact_people LABELS exact TIMEOUT 900)
wp_test(test_exact_spells LABELS exact TIMEOUT 900)
wp_test(test_exact_broken LABELS exact TIMEOUT 900)
wp_test(test_metamorphic LABELS property threads TIMEOUT 900)
wp_test(test_metamorphic_money LABELS property)
wp_test(test_reference_random LABELS exact TIMEOUT 900)
wp_test_run(test_reference_random_few LABELS property COMMAND test_reference_random 4 100 0.1
            NEEDS test_reference_random)
wp_test_run(test_reference_random_many LABELS slow COMMAND test_reference_random 60 1000 TIMEOUT 7200
            NEEDS test_reference_random)
wp_test(test_family_effects LABELS exact TIMEOUT 600)
wp_test(test_contacts LABELS exact TIMEOUT 600)
