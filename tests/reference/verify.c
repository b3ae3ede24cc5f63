/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must be true in the reference's world after every instant. */
#include <stdio.h>

#include "reference/world.h"

static wp_status broken(wp_error *err, const char *what, int i)
{
    err->status = WP_ERR_RUN;
    snprintf(err->text, sizeof err->text, "%s (number %d)", what, i);
    return WP_ERR_RUN;
}

static wp_status verify_person(const world *w, int i, wp_error *err)
{
    const person *p = &w->persons[i];
    if (!p->being.here) {
        return p->partner >= 0 || p->couple >= 0 ? broken(err, "one who has gone has a partner", i) : WP_OK;
    }
    if (p->household < 0 || p->household >= w->n_households || !w->households[p->household].being.here) {
        return broken(err, "a person lives in no household", i);
    }
    if (p->birth > w->now) { return broken(err, "a person is not born yet", i); }
    if (p->partner >= 0) {
        const person *q = &w->persons[p->partner];
        if (q->partner != i || !q->being.here) { return broken(err, "partners are not each other's", i); }
        if (p->couple != q->couple || !w->couples[p->couple].being.here) {
            return broken(err, "no couple", i);
        }
    }
    if (p->mother >= 0 && !w->persons[p->mother].being.here) { return broken(err, "a mother has gone", i); }
    if (p->companion && p->counted) { return broken(err, "a companion is counted", i); }
    for (int v = 0; v < w->place->sc->n_variables; v++) {
        const wp_variable *var = &w->place->sc->variables[v];
        if (var->of == WP_PERSON && (p->being.level[v] < 0 || p->being.level[v] >= var->n_levels)) {
            return broken(err, "a level is none of its variable's", v);
        }
    }
    return WP_OK;
}

wp_status reference_verify(const world *w, wp_error *err)
{
    for (int i = 0; i < w->n_persons; i++) {
        wp_status status = verify_person(w, i, err);
        if (status != WP_OK) { return status; }
    }
    for (int h = 0; h < w->n_households; h++) {
        int n = 0;
        for (int i = 0; i < w->n_persons; i++) {
            n += w->persons[i].being.here && w->persons[i].household == h;
        }
        if (w->households[h].being.here != (n > 0)) {
            return broken(err, "a household is empty, or closed", h);
        }
    }
    for (int c = 0; c < w->n_couples; c++) {
        const couple *k = &w->couples[c];
        if (k->being.here && (w->persons[k->a].partner != k->b || w->persons[k->b].partner != k->a)) {
            return broken(err, "a couple's partners are not each other's", c);
        }
    }
    return WP_OK;
}
