/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the reference's founders have been in levels of states in equilibrium: survival of the level on a grid
   of times, its integral by the trapezoidal rule, and one draw from that; what is left of a delay by rejection. */
#include <gsl/gsl_cdf.h>
#include <stdlib.h>

#include "reference/world.h"

enum { STEPS = 250 };

static bool effects_leave(world *w, subject s, const wp_effects *effects, int variable)
{
    const wp_variable *v = &w->place->sc->variables[variable];
    int now = being_of(w, s)->level[variable];
    for (int i = 0; i < effects->n; i++) {
        const wp_effect *f = &effects->list[i];
        int to = f->level;
        if (f->kind != WP_EFFECT_SET || f->variable != variable || f->whose != WP_SELF) { continue; }
        if (f->how == WP_SET_NEXT) { to = now + 1 < v->n_levels ? now + 1 : now; }
        if (f->how == WP_SET_PREVIOUS) { to = now > 0 ? now - 1 : now; }
        if (f->how == WP_SET_AT_LEAST) { to = now > f->level ? now : f->level; }
        if (f->how == WP_SET_AT_MOST) { to = now < f->level ? now : f->level; }
        if (to != now) { return true; }
    }
    return false;
}

/* Share of the process's events that take the subject out of its level. */
static double share_that_leaves(world *w, subject s, const wp_process *p, int variable)
{
    double share = 0, probability[WP_MAX_LEVELS];
    if (effects_leave(w, s, &p->then, variable)) { return 1; }
    bool any = false;
    for (int o = 0; o < p->n_options; o++) {
        any = any || effects_leave(w, s, &p->options[o].then, variable);
    }
    if (any) { answer_probabilities(w, s, p, probability); }
    for (int o = 0; o < p->n_options && any; o++) {
        if (effects_leave(w, s, &p->options[o].then, variable)) { share += probability[o]; }
    }
    return share;
}

static double delay_survival(eye *e, subject s, const wp_duration *d, double t)
{
    double mean = quantity(e, s, &d->mean), cv = quantity(e, s, &d->cv), above = 0;
    double shape = d->cv_is_shape ? cv : 1 / (cv * cv), variance = log(1 + cv * cv);
    switch (d->kind) {
    case WP_DURATION_FIXED: return t < mean;
    case WP_DURATION_EXPONENTIAL: return exp(-t / mean);
    case WP_DURATION_GAMMA: return gsl_cdf_gamma_Q(t, shape, mean / shape);
    case WP_DURATION_LOGNORMAL:
        return t > 0 ? gsl_cdf_lognormal_Q(t, log(mean) - variance / 2, sqrt(variance)) : 1;
    case WP_DURATION_WEIBULL: return exp(-pow(t / mean, cv));
    case WP_DURATION_EMPIRICAL:
        for (int i = 0; i < d->n_values; i++) { above += d->values[i] > t; }
        return above / d->n_values;
    default: return 1;
    }
}

/* Share of spells that get from `from` to `to`, both before the next change of a hazard's class or nearly so. */
static double gets_on(world *w, subject s, int variable, double from, double to)
{
    const wp_scenario *sc = w->place->sc;
    being *b = being_of(w, s);
    double product = 1;
    b->since[variable] = w->now - ticks_of((from + to) / 2);
    for (int i = 0; i < sc->n_processes; i++) {
        const wp_process *p = &sc->processes[i];
        eye e = {w, WP_TICK_NEVER, -1};
        if (p->of != s.kind || (p->kind != WP_PROCESS_HAZARD && p->kind != WP_PROCESS_DELAY)) { continue; }
        double share = share_that_leaves(w, s, p, variable);
        if (share == 0 || !holds(&e, s, p->when)) { continue; }
        if (p->kind == WP_PROCESS_DELAY) {
            double factor = factors(&e, s, p->factors, p->n_factors, WP_SCALE_DELAY);
            double before = delay_survival(&e, s, &p->delay, from / factor);
            product *= before > 0 ? delay_survival(&e, s, &p->delay, to / factor) / before : 0;
            continue;
        }
        double rate = quantity(&e, s, &p->hazard) * factors(&e, s, p->factors, p->n_factors, WP_SCALE_HAZARD);
        double used = to - from;
        if (is_smooth(&p->hazard)) {
            b->since[variable] = w->now;
            used = cumulative(&e, s, &p->hazard, w->now, to) - cumulative(&e, s, &p->hazard, w->now, from);
            b->since[variable] = w->now - ticks_of((from + to) / 2);
        }
        product *= exp(-rate * share * used);
    }
    b->since[variable] = w->now;
    return product;
}

/* Years in the present level: density proportional to the survival, over the person's life. */
double equilibrium_years(world *w, subject s, int variable)
{
    double longest = s.kind == WP_PERSON ? wp_years(w->now - w->persons[s.i].birth) : 200;
    double at[STEPS + 1], sum[STEPS + 1], survival = 1;
    at[0] = sum[0] = 0;
    for (int k = 1; k <= STEPS; k++) {
        at[k] = longest * expm1(12.0 * k / STEPS) / expm1(12.0);
        double next = survival * gets_on(w, s, variable, at[k - 1], at[k]);
        sum[k] = sum[k - 1] + (at[k] - at[k - 1]) * (survival + next) / 2;
        survival = next;
    }
    double sought = uniform(w) * sum[STEPS];
    int k = 1;
    while (k < STEPS && sum[k] < sought) { k++; }
    return at[k - 1] + (at[k] - at[k - 1]) * (sought - sum[k - 1]) / (sum[k] - sum[k - 1]);
}

/* The state in equilibrium whose present level the process ends, or -1. */
int spell_ended_by(world *w, subject s, const wp_process *p)
{
    const wp_scenario *sc = w->place->sc;
    for (int v = 0; v < sc->n_variables; v++) {
        if (sc->variables[v].time_at_start != WP_TIME_EQUILIBRIUM || sc->variables[v].of != s.kind) {
            continue;
        }
        if (share_that_leaves(w, s, p, v) > 0) { return v; }
    }
    return -1;
}
