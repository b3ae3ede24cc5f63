/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uniform numbers of draws by design. */
#include "model/draw_uniform.h"

#include <string.h>

#include "chance/key.h"
#include "chance/stratified.h"

/* Parameters come before unit values, and each by name. */
static uint32_t dimension_of(const wp_scenario *s, const char *role, const char *name)
{
    bool is_parameter = strcmp(role, "parameter") == 0;
    uint32_t before = 0;
    for (int p = 0; p < s->n_parameters; p++) {
        wp_distribution_kind kind = s->parameters[p].distribution.kind;
        if (kind == WP_DISTRIBUTION_NONE || kind == WP_DISTRIBUTION_DIRICHLET) { continue; }
        before += !is_parameter || strcmp(s->parameters[p].name, name) < 0;
    }
    for (int u = 0; u < s->n_unit_values && !is_parameter; u++) {
        if (s->unit_values[u].distribution.kind == WP_DISTRIBUTION_NONE) { continue; }
        before += strcmp(s->unit_values[u].name, name) < 0;
    }
    return before;
}

double wp_draw_uniform(const wp_scenario *scenario, uint64_t seed, uint32_t draw, const char *role,
                       const char *name)
{
    wp_draw_number number = {seed, draw, wp_purpose(role, name), 0};
    switch (scenario->draw_design) {
    case WP_DESIGN_LATIN_HYPERCUBE: return wp_uniform_latin(&number, (uint32_t)scenario->n_draws);
    case WP_DESIGN_SOBOL: return wp_uniform_sobol(&number, dimension_of(scenario, role, name));
    case WP_DESIGN_INDEPENDENT: break;
    }
    return wp_uniform_independent(&number);
}
