# The engine against theory, against the slow reference, and against itself.
wp_test(test_reference LABELS property TIMEOUT 900)
wp_test(test_reference_engine LABELS property TIMEOUT 1800)
wp_test(test_exact_chains LABELS exact TIMEOUT 900)
wp_test(test_exact_people LABELS exact TIMEOUT 900)
wp_test(test_exact_spells LABELS exact TIMEOUT 900)
wp_test(test_exact_broken LABELS exact TIMEOUT 900)
wp_test(test_metamorphic LABELS property threads TIMEOUT 900)
wp_test(test_metamorphic_money LABELS property)
wp_test(test_reference_random LABELS property TIMEOUT 900)
wp_test_run(test_reference_random_many LABELS slow COMMAND test_reference_random 60 1000 TIMEOUT 7200
            NEEDS test_reference_random)
