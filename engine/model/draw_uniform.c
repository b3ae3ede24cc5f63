/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uniform numbers of draws by design. */
#include "model/draw_uniform.h"

#include <string.h>

#include "chance/key.h"
#include "chance/stratified.h"

bool wp_is_drawn(const wp_scenario *scenario, int n_draws)
{
    return n_draws > 1 || scenario->draw_design == WP_DESIGN_PICKED;
}

const char *wp_number_name(const wp_scenario *scenario, int number)
{
    return number < scenario->n_parameters ? scenario->parameters[number].name
                                           : scenario->unit_values[number - scenario->n_parameters].name;
}

const wp_distribution *wp_number_distribution(const wp_scenario *scenario, int number)
{
    return number < scenario->n_parameters
               ? &scenario->parameters[number].distribution
               : &scenario->unit_values[number - scenario->n_parameters].distribution;
}

/* Does the number take one uniform a draw? The answers of counts have one each. */
static bool has_dimension(const wp_scenario *s, int number)
{
    const wp_distribution_kind kind = wp_number_distribution(s, number)->kind;
    return kind != WP_DISTRIBUTION_NONE && kind != WP_DISTRIBUTION_DIRICHLET;
}

/* Parameters come before unit values, and each by name. */
static uint32_t dimension_of(const wp_scenario *s, int number)
{
    const bool is_parameter = number < s->n_parameters;
    const int first = is_parameter ? 0 : s->n_parameters,
              end = is_parameter ? s->n_parameters : s->n_parameters + s->n_unit_values;
    uint32_t before = 0;
    for (int i = 0; i < first; i++) { before += has_dimension(s, i); }
    for (int i = first; i < end; i++) {
        before += has_dimension(s, i) && strcmp(wp_number_name(s, i), wp_number_name(s, number)) < 0;
    }
    return before;
}

static uint32_t purpose_of(const wp_scenario *s, int number)
{
    return wp_purpose(number < s->n_parameters ? "parameter" : "unit_value", wp_number_name(s, number));
}

/* Latin hypercubes, one for each sample. Sobol points would cover each sample better and the two together
   worse: some pairs of dimensions lie on few lines until there are thousands of points, and an index would
   be off by half. */
static double picked(const wp_scenario *s, uint64_t seed, int number)
{
    const wp_draw_number point = {seed, s->pick.row, purpose_of(s, number), s->pick.is_other[number]};
    return wp_uniform_latin(&point, s->pick.n_rows);
}

double wp_draw_uniform(const wp_scenario *scenario, uint64_t seed, uint32_t draw, int number)
{
    const wp_draw_number point = {seed, draw, purpose_of(scenario, number), 0};
    switch (scenario->draw_design) {
    case WP_DESIGN_LATIN_HYPERCUBE: return wp_uniform_latin(&point, (uint32_t)scenario->n_draws);
    case WP_DESIGN_SOBOL: return wp_uniform_sobol(&point, dimension_of(scenario, number));
    case WP_DESIGN_PICKED: return picked(scenario, seed, number);
    case WP_DESIGN_INDEPENDENT: break;
    }
    return wp_uniform_independent(&point);
}

double wp_draw_answer_uniform(const wp_scenario *scenario, uint64_t seed, uint32_t draw, int parameter,
                              int answer)
{
    wp_draw_number point = {seed, draw, purpose_of(scenario, parameter), (uint32_t)answer};
    if (scenario->draw_design == WP_DESIGN_PICKED) {
        point.draw = scenario->pick.row;
        if (scenario->pick.is_other[parameter]) {
            point.occurrence += (uint32_t)scenario->parameters[parameter].n_counts;
        }
    }
    return wp_uniform_independent(&point);
}
