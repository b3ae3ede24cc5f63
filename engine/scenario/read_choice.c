/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices: one question with named answers, or one answer for each level of a state. */
#include <string.h>

#include "scenario/change.h"
#include "scenario/effect.h"
#include "scenario/quantity.h"

/* The parts of a probability that are known before any draw; unknown parts count as nothing. */
static double known(const wp_reader *r, const wp_quantity *q)
{
    double value = 0.0;
    if (q->kind == WP_QUANTITY_NUMBER) { value = q->value; }
    if (q->kind == WP_QUANTITY_PARAMETER) { value = r->names->parameters[q->parameter].value; }
    if (q->kind == WP_QUANTITY_CELL && r->names->parameters[q->parameter].n_counts > 0) {
        const wp_parameter *x = &r->names->parameters[q->parameter];
        double total = 0.0;
        for (int i = 0; i < x->n_counts; i++) { total += x->counts[i]; }
        value = total > 0.0 ? x->counts[q->cell] / total : 0.0;
    }
    return value > 0.0 ? value : 0.0;
}

static void read_answer(wp_reader *r, int process, int i)
{
    static const char *const KEYS[] = {
        "probability", "multiply_odds", "multiply_hazard", "multiply_probability",
        "then",        "about",         "source",          "grade",
        NULL};
    const wp_process *p = &r->names->processes[process];
    wp_option *option = &r->names->options[process][i];
    const wp_node *map = r->names->option_nodes[process][i];
    const char *title = wp_reader_format(r, "answer '%s'", option->name);
    option->probability = wp_quantity_number(0.0);
    if (!wp_node_check_keys(r, map, title, KEYS) && map->kind != WP_NODE_MAP) { return; }
    const wp_node *probability = wp_node_need(r, map, title, "probability");
    option->is_otherwise = probability != NULL && wp_node_is(probability, "otherwise");
    if (probability != NULL && !option->is_otherwise) {
        (void)wp_quantity_read(r, probability, p->of, WP_USE_PROBABILITY, "probability",
                               &option->probability);
    }
    if (option->is_otherwise) {
        static const char *const SCALES[] = {"multiply_odds", "multiply_hazard", "multiply_probability"};
        for (int k = 0; k < 3; k++) {
            const wp_pair *pair = wp_node_pair(map, SCALES[k]);
            if (pair != NULL) {
                wp_report_error(r, pair->key, "'otherwise' takes the rest, so it cannot be multiplied");
            }
        }
    } else {
        const char *owner = wp_reader_format(r, "%s.%s", p->name, option->name);
        wp_factors_read(r, map, p->of, WP_FACTORS_OF_OPTION, owner, -1, -1,
                        wp_changes_of_option(r, process, i));
    }
    option->then = wp_effects_read(r, wp_node_get(map, "then"), p->of, process);
}

static void check_answers(wp_reader *r, const wp_node *choose, const wp_process *p)
{
    double total = 0.0;
    int n_otherwise = 0;
    for (int i = 0; i < p->n_options; i++) {
        n_otherwise += p->options[i].is_otherwise ? 1 : 0;
        total += p->options[i].is_otherwise ? 0.0 : known(r, &p->options[i].probability);
    }
    if (p->n_options == 0) {
        wp_report_error(r, choose, "'choose' has no answers");
    } else if (n_otherwise != 1) {
        wp_report_error(r, choose, "%s answer of '%s' has 'probability: otherwise'; exactly one must",
                        n_otherwise == 0 ? "no" : "more than one", p->name);
    }
    if (total > 1.0 + 1e-9) {
        wp_report_error(r, choose,
                        "the answers of '%s' have probabilities of %.6g in all; they must not exceed 1",
                        p->name, total);
    }
}

/* `{levels_of: course, weights: Q}` */
static void read_levels(wp_reader *r, int process, const wp_node *choose)
{
    static const char *const KEYS[] = {"levels_of", "weights", NULL};
    wp_process *p = &r->names->processes[process];
    if (!wp_node_check_keys(r, choose, "'choose'", KEYS) || p->levels_of < 0) { return; }
    const wp_variable *v = &r->names->variables[p->levels_of];
    if (v->kind != WP_STATE || v->of != p->of) {
        wp_report_error(r, wp_node_get(choose, "levels_of"),
                        "'levels_of' needs a state of the %s itself; '%s' is none", wp_subject_name(p->of),
                        v->name);
        return;
    }
    const wp_node *weights = wp_node_need(r, choose, "'choose'", "weights");
    wp_quantity q = wp_quantity_number(0.0);
    if (weights == NULL || !wp_quantity_read_weights(r, weights, p->of, p->levels_of, "weights", &q)) {
        return;
    }
    for (int i = 0; i < p->n_options; i++) {
        wp_effect *set = wp_reader_alloc(r, 1, sizeof *set);
        if (set == NULL) { return; }
        *set = (wp_effect){.kind = WP_EFFECT_SET,
                           .whose = WP_SELF,
                           .variable = p->levels_of,
                           .how = WP_SET_LEVEL,
                           .level = i,
                           .same_as = -1,
                           .group = -1,
                           .pool = -1,
                           .place_level = -1,
                           .place_same_as = -1,
                           .event_granted = -1,
                           .event_refused = -1,
                           .pos = choose->pos};
        r->names->options[process][i].probability = q;
        r->names->options[process][i].then = (wp_effects){1, set};
    }
}

void wp_choice_read(wp_reader *r, int process)
{
    wp_process *p = &r->names->processes[process];
    const wp_node *choose = wp_node_get(r->names->nodes[WP_NAME_PROCESS][process], "choose");
    if (choose == NULL) { return; }
    if (choose->kind != WP_NODE_MAP) {
        wp_report_error(r, choose, "'choose' is a mapping from answers to their probabilities and effects");
        return;
    }
    if (wp_node_get(choose, "levels_of") != NULL) {
        read_levels(r, process, choose);
        return;
    }
    for (int i = 0; i < p->n_options; i++) { read_answer(r, process, i); }
    check_answers(r, choose, p);
}
