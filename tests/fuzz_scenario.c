/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a scenario: nothing crashes or hangs, a scenario comes only without errors, and reading the same
   bytes again says the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <wholeplace/scenario.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition) { abort(); }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wp_scenario *scenario[2] = {NULL, NULL};
    wp_problems problems[2] = {{0}, {0}};
    wp_status status[2];
    for (int i = 0; i < 2; i++) {
        status[i] = wp_scenario_read_text("no-such-folder/fuzz.yaml", (const char *)data, size, &scenario[i],
                                          &problems[i], NULL);
        require(status[i] == WP_OK || status[i] == WP_ERR_SCENARIO || status[i] == WP_ERR_MEMORY);
        require((status[i] == WP_OK) == (scenario[i] != NULL));
        require((status[i] == WP_ERR_SCENARIO) == (problems[i].n_errors > 0));
    }
    require(status[0] == status[1] && problems[0].n == problems[1].n);
    for (size_t k = 0; k < problems[0].n; k++) {
        const wp_problem *a = &problems[0].list[k];
        const wp_problem *b = &problems[1].list[k];
        require(strcmp(a->text, b->text) == 0 && a->line == b->line && a->column == b->column);
        require(strchr(a->text, '\n') == NULL && a->width > 0 && a->excerpt != NULL && a->hint != NULL);
    }
    for (int i = 0; i < 2; i++) {
        wp_scenario_free(scenario[i]);
        wp_problems_free(&problems[i]);
    }
    return 0;
}
