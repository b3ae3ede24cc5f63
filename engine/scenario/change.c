/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes: which process or answer is meant, and by what it is multiplied. */
#include "scenario/change.h"

#include <math.h>
#include <string.h>

#include "scenario/number.h"

wp_factor_list *wp_changes_of_process(wp_reader *r, int process)
{
    return &r->names->process_factors[process];
}

wp_factor_list *wp_changes_of_option(wp_reader *r, int process, int option)
{
    return &r->names->option_factors[process][option];
}

/* Which factors fit a process, or its answer. */
static wp_factor_place place_of(const wp_process *p, int option)
{
    if (option >= 0) { return WP_FACTORS_OF_OPTION; }
    return p->kind == WP_PROCESS_HAZARD  ? WP_FACTORS_OF_HAZARD
           : p->kind == WP_PROCESS_DELAY ? WP_FACTORS_OF_DELAY
                                         : WP_FACTORS_NOWHERE;
}

/* Finds what `pair` changes; false after reporting. */
static bool find_target(wp_reader *r, const wp_pair *pair, int *process, int *option)
{
    if (!wp_names_process_option(r, pair->key, pair->key->text, process, option)) { return false; }
    if (*option >= 0 && r->names->options[*process][*option].is_otherwise) {
        wp_report_error(r, pair->key,
                        "'%s' takes the rest ('otherwise'), so it cannot be multiplied; multiply the other "
                        "answers",
                        pair->key->text);
        return false;
    }
    return true;
}

static const char *target_name(const wp_reader *r, int process, int option)
{
    return r->names->events[option < 0 ? r->names->processes[process].event
                                       : r->names->options[process][option].event].name;
}

void wp_change_read_one(wp_reader *r, const wp_pair *pair)
{
    static const char *const KEYS[] = {"multiply_hazard", "multiply_delay", "multiply_odds",
                                       "multiply_probability", NULL};
    int process;
    int option;
    if (!find_target(r, pair, &process, &option)) { return; }
    if (!wp_node_check_keys(r, pair->value, wp_reader_format(r, "changes of '%s'", pair->key->text), KEYS) &&
        pair->value->kind != WP_NODE_MAP) {
        return;
    }
    const wp_process *p = &r->names->processes[process];
    wp_factors_read(r, pair->value, p->of, place_of(p, option), target_name(r, process, option), -1, -1,
                    option < 0 ? wp_changes_of_process(r, process)
                               : wp_changes_of_option(r, process, option));
}

static void read_after_end(wp_reader *r, const wp_node *at, wp_change *change)
{
    static const char *const KEYS[] = {"half_life", "linear", NULL};
    change->after_end = WP_AFTER_STOPS;
    if (at == NULL || wp_node_is(at, "stops")) { return; }
    if (wp_node_is(at, "stays")) {
        change->after_end = WP_AFTER_STAYS;
        return;
    }
    const wp_node *half = wp_node_get(at, "half_life");
    const wp_node *linear = wp_node_get(at, "linear");
    if (at->kind != WP_NODE_MAP || (half != NULL) == (linear != NULL) ||
        !wp_node_check_keys(r, at, "'after_end'", KEYS)) {
        wp_report_error(r, at, "'after_end' is stops, stays, {half_life: 1 year} or {linear: 2 years}");
        return;
    }
    change->after_end = half != NULL ? WP_AFTER_HALF_LIFE : WP_AFTER_LINEAR;
    if (wp_duration_read(r, half != NULL ? half : linear, half != NULL ? "'half_life'" : "'linear'",
                         &change->fade) &&
        !(change->fade > 0.0)) {
        wp_report_error(r, at, "the effect must fade over more than no time; write 'stops'");
    }
}

bool wp_change_read_of(wp_reader *r, const wp_pair *pair, int intervention, int index, wp_change *change)
{
    static const char *const KEYS[] = {"multiply_hazard",
                                       "multiply_delay",
                                       "multiply_odds",
                                       "multiply_probability",
                                       "after_end",
                                       "builds_up",
                                       NULL};
    const wp_intervention *x = &r->names->interventions[intervention];
    *change = (wp_change){.process = -1, .option = -1};
    if (!find_target(r, pair, &change->process, &change->option)) { return false; }
    if (!wp_node_check_keys(r, pair->value, wp_reader_format(r, "changes of '%s'", pair->key->text), KEYS) &&
        pair->value->kind != WP_NODE_MAP) {
        return false;
    }
    const wp_process *p = &r->names->processes[change->process];
    const wp_node *after = wp_node_get(pair->value, "after_end");
    const wp_node *builds_up = wp_node_get(pair->value, "builds_up");
    wp_factor_list own = {0};
    const char *owner =
        wp_reader_format(r, "%s/%s", x->name, target_name(r, change->process, change->option));
    wp_factors_read(r, pair->value, p->of, place_of(p, change->option), owner, intervention, index, &own);
    read_after_end(r, after, change);
    if (after != NULL && x->everyone) {
        wp_report_error(r, after, "with 'offer: everyone' nobody is enrolled, so there is no 'after_end'");
    }
    if (builds_up != NULL) { (void)wp_duration_read(r, builds_up, "'builds_up'", &change->builds_up); }
    wp_factor_list *all = change->option < 0 ? wp_changes_of_process(r, change->process)
                                             : wp_changes_of_option(r, change->process, change->option);
    for (int i = 0; i < own.n; i++) { wp_factors_add(r, all, &own.list[i]); }
    change->factors = wp_factors_keep(r, &own);
    change->n_factors = own.n;
    return true;
}
