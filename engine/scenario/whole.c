/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen only once all is read: figures without source or spread, prices that overlap,
   what hangs on an end, what ends
   the spells of states in equilibrium. */
#include <string.h>

#include "scenario/condition.h"
#include "scenario/gone.h"
#include "scenario/names.h"
#include "scenario/reader.h"
#include "scenario/spell_rules.h"

/* Does a table take a cell from an uncertain parameter? A common factor for all of it may mean nothing, as
   where an average is kept; then the cell that is unsure has a name. */
static bool has_uncertain_cell(const wp_scenario *s, const wp_grid *grid)
{
    for (int i = 0; grid != NULL && grid->cell_parameter != NULL && i < grid->n_cells; i++) {
        int cell = grid->cell_parameter[i];
        if (cell < 0) { continue; }
        const wp_parameter *p = &s->parameters[cell];
        if (p->distribution.kind != WP_DISTRIBUTION_NONE || p->n_steps > 0) { return true; }
    }
    return false;
}

/* An assumed figure that is held to be certain. */
static void check_grades(wp_reader *r)
{
    const wp_scenario *s = r->scenario;
    for (int i = 0; i < s->n_parameters; i++) {
        const wp_parameter *p = &s->parameters[i];
        /* One that is written but wrong has its own message. */
        const bool is_written = wp_node_get(r->names->nodes[WP_NAME_PARAMETER][i], "distribution") != NULL;
        if (p->grade != 'C' || is_written || p->n_steps > 0 || has_uncertain_cell(s, p->grid)) { continue; }
        wp_report_warning_at(
            r, p->pos, (int)strlen(p->name),
            "parameter '%s' is assumed (grade C) and has no distribution, as if it were certain", p->name);
    }
}

/* Do two outcomes count the same time or snapshots? */
static bool same_count(const wp_outcome *a, const wp_outcome *b)
{
    if (a->kind != b->kind || a->of != b->of) { return false; }
    if (a->kind != WP_OUTCOME_TIME_IN || a->condition == NULL || b->condition == NULL) { return false; }
    const wp_condition *x = a->condition;
    const wp_condition *y = b->condition;
    return x->kind == WP_CONDITION_TEST && y->kind == WP_CONDITION_TEST && x->look.kind == WP_LOOK_VARIABLE &&
           y->look.kind == WP_LOOK_VARIABLE && x->look.whose == y->look.whose &&
           x->look.item == y->look.item && (x->levels & y->levels) != 0;
}

static bool share_payer(const wp_unit_value *a, const wp_unit_value *b, int *payer)
{
    for (int i = 0; i < a->n_paid_by; i++) {
        for (int k = 0; k < b->n_paid_by; k++) {
            if (a->payers[i] == b->payers[k] && a->shares[i] > 0.0 && b->shares[k] > 0.0) {
                *payer = a->payers[i];
                return true;
            }
        }
    }
    return false;
}

/* Two prices on the same time, paid by the same payer: perhaps the same thing counted twice. */
static void check_double_counting(wp_reader *r)
{
    const wp_scenario *s = r->scenario;
    for (int i = 0; i < s->n_unit_values; i++) {
        const wp_unit_value *a = &s->unit_values[i];
        if (a->per != WP_PER_OUTCOME || a->outcome < 0) { continue; }
        for (int k = 0; k < i; k++) {
            const wp_unit_value *b = &s->unit_values[k];
            int payer = -1;
            if (b->per != WP_PER_OUTCOME || b->outcome < 0 || b->outcome == a->outcome ||
                !same_count(&s->outcomes[a->outcome], &s->outcomes[b->outcome]) ||
                !share_payer(a, b, &payer)) {
                continue;
            }
            bool later = a->pos.file > b->pos.file ||
                         (a->pos.file == b->pos.file && a->pos.line > b->pos.line);
            wp_report_warning_at(r, later ? a->pos : b->pos, 1,
                                 "'%s' and '%s' both price the same time, and '%s' pays twice for it",
                                 b->name, a->name, s->money.payers[payer].name);
            wp_report_hint(r, "say 'view: transfer', or remove one");
        }
    }
}

/* Values that are neither priced nor in use cost nothing; those with no source are listed. */
static void check_sources(wp_reader *r)
{
    const wp_scenario *s = r->scenario;
    for (int i = 0; i < s->n_unit_values; i++) {
        const wp_unit_value *v = &s->unit_values[i];
        if (v->grade == 'C' && v->source == NULL) {
            wp_report_warning_at(r, v->pos, 1, "unit value '%s' is assumed (grade C) and says no source",
                                 v->name);
        }
    }
}

void wp_check_whole(wp_reader *r)
{
    check_grades(r);
    check_double_counting(r);
    check_sources(r);
    wp_gone_check(r);
    wp_spells_find(r);
}
