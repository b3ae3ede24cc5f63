/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen only once all is read: assumed figures, prices that overlap, what hangs on an end, what ends the
   spells of states in equilibrium. */
#include <string.h>

#include "scenario/condition.h"
#include "scenario/gone.h"
#include "scenario/names.h"
#include "scenario/reader.h"
#include "scenario/spell_rules.h"

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

void wp_check_whole(wp_reader *r)
{
    wp_check_assumed(r);
    check_double_counting(r);
    wp_gone_check(r);
    wp_spells_find(r);
}
