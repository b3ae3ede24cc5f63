/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference's numbers: quantities, tables, factors and durations, evaluated recursively. */
#include <gsl/gsl_randist.h>
#include <stdlib.h>

#include "reference/world.h"

static double formula_value(const wp_scenario *sc, const wp_parameter *p)
{
    double stack[64];
    int n = 0;
    for (int i = 0; i < p->n_steps; i++) {
        const wp_formula_step *step = &p->steps[i];
        double a = n > 0 ? stack[n - 1] : 0, b = n > 1 ? stack[n - 2] : 0; /* b op a */
        switch (step->op) {
        case WP_FORMULA_NUMBER: stack[n++] = step->number; continue;
        case WP_FORMULA_PARAMETER: {
            const wp_parameter *of = &sc->parameters[step->parameter];
            double total = 0;
            for (int k = 0; k < of->n_counts; k++) { total += of->counts[k]; }
            stack[n++] = of->n_counts > 0 ? of->counts[step->cell] / total
                                          : parameter_value(sc, step->parameter);
            continue;
        }
        case WP_FORMULA_NEGATE: stack[n - 1] = -a; continue;
        case WP_FORMULA_EXP: stack[n - 1] = exp(a); continue;
        case WP_FORMULA_LN: stack[n - 1] = log(a); continue;
        case WP_FORMULA_ADD: stack[n - 2] = b + a; break;
        case WP_FORMULA_SUBTRACT: stack[n - 2] = b - a; break;
        case WP_FORMULA_MULTIPLY: stack[n - 2] = b * a; break;
        case WP_FORMULA_DIVIDE: stack[n - 2] = b / a; break;
        case WP_FORMULA_POWER: stack[n - 2] = pow(b, a); break;
        case WP_FORMULA_MIN: stack[n - 2] = fmin(b, a); break;
        case WP_FORMULA_MAX: stack[n - 2] = fmax(b, a); break;
        }
        n--;
    }
    return stack[0];
}

double parameter_value(const wp_scenario *sc, int parameter)
{
    const wp_parameter *p = &sc->parameters[parameter];
    return p->n_steps > 0 ? formula_value(sc, p) : p->value;
}

static double cell_value(const wp_scenario *sc, const wp_grid *grid, int cell)
{
    if (grid->cell_parameter != NULL && grid->cell_parameter[cell] >= 0) {
        return parameter_value(sc, grid->cell_parameter[cell]);
    }
    return grid->values[cell];
}

/* `none`: what is looked at is not there, and no `otherwise` says what then. */
double grid_value(eye *e, subject s, const wp_grid *grid, bool *none)
{
    int cell = 0;
    bool outside = false, nobody = false;
    for (int a = 0; a < grid->n_axes; a++) {
        const wp_axis *axis = &grid->axes[a];
        seen v = look_at(e, s, &axis->look);
        int k = v.none ? -1 : v.is_level ? v.level : band_of(e, &v, axis->bands, axis->n_bands);
        outside |= k < 0;
        nobody |= v.none;
        cell = cell * axis->n_bands + k;
    }
    *none = false;
    if (!outside) {
        double value = cell_value(e->w->place->sc, grid, cell);
        if (!isnan(value)) { return value; }
    }
    if (grid->has_otherwise) { return grid->otherwise; }
    *none = nobody;
    if (!nobody) { fail(e->w, "a look-up has no cell for what was met"); }
    return NAN;
}

static double ratio_of_odds(double odds_ratio, double base)
{
    double odds = base / (1 - base) * odds_ratio, p = odds / (1 + odds);
    return log(1 - p) / log(1 - base);
}

static double rate_of_probability(eye *e, subject s, const wp_quantity *q)
{
    double p = quantity(e, s, q->a), sum = p;
    for (int i = 0; i < q->n_competing; i++) {
        const wp_process *other = &e->w->place->sc->processes[q->competing[i]];
        sum += quantity(e, s, other->hazard.a);
    }
    return sum <= 0 ? 0 : -log(1 - sum) / q->over * (p / sum);
}

/* A quantity's value; of a smooth hazard 1 (see `cumulative`). NAN: it looks at somebody who is not there. */
double quantity(eye *e, subject s, const wp_quantity *q)
{
    const wp_scenario *sc = e->w->place->sc;
    bool none = false;
    switch (q->kind) {
    case WP_QUANTITY_NUMBER: return q->value;
    case WP_QUANTITY_PARAMETER: {
        const wp_parameter *p = &sc->parameters[q->parameter];
        return p->grid != NULL ? grid_value(e, s, p->grid, &none) : parameter_value(sc, q->parameter);
    }
    case WP_QUANTITY_CELL: {
        const wp_parameter *p = &sc->parameters[q->parameter];
        double total = 0;
        if (p->n_counts == 0) { return cell_value(sc, p->grid, q->cell); }
        for (int i = 0; i < p->n_counts; i++) { total += p->counts[i]; }
        return p->counts[q->cell] / total;
    }
    case WP_QUANTITY_TABLE: return grid_value(e, s, q->grid, &none);
    case WP_QUANTITY_MULTIPLIER: {
        world *w = e->w;
        if (q->look.whose == WP_PARTNER) { s.i = w->persons[s.i].partner; }
        if (q->look.whose == WP_MOTHER) { s.i = w->persons[s.i].mother; }
        if (s.i < 0) { return NAN; }
        if (sc->multipliers[q->look.item].of == WP_HOUSEHOLD) {
            s = subject_of(WP_HOUSEHOLD, household_of(w, s));
        }
        return w->place->options->fault.multiplier_ignored ? 1 : being_of(w, s)->multiplier[q->look.item];
    }
    case WP_QUANTITY_RATE_OF_PROBABILITY: return rate_of_probability(e, s, q);
    case WP_QUANTITY_PROBABILITY_OF_RATE:
        if (is_smooth(q->a)) {
            double u = cumulative(e, s, q->a, 0, 0) - cumulative(e, s, q->a, 0, -q->over);
            return 1 - exp(-u);
        }
        return 1 - exp(-quantity(e, s, q->a) * q->over);
    case WP_QUANTITY_RATIO_OF_ODDS:
        return ratio_of_odds(quantity(e, s, q->a), quantity(e, s, q->b));
    case WP_QUANTITY_WEIBULL: case WP_QUANTITY_GOMPERTZ: return 1;
    }
    return NAN;
}

bool is_smooth(const wp_quantity *q)
{
    return q->kind == WP_QUANTITY_WEIBULL || q->kind == WP_QUANTITY_GOMPERTZ;
}

/* The cumulative hazard on its own clock, `later` years from now. */
double cumulative(eye *e, subject s, const wp_quantity *q, wp_tick since_when, double later)
{
    wp_tick zero = since_when;
    world *w = e->w;
    if (!q->clock_is_when) {
        if (q->look.kind == WP_LOOK_AGE) {
            zero = w->persons[s.i].birth;
        } else if (q->look.kind == WP_LOOK_TIME_SINCE_START || q->look.kind == WP_LOOK_DATE) {
            zero = 0;
        } else {
            wp_tick keep = e->next;
            seen v = look_at(e, s, &q->look);
            e->next = keep;
            if (v.none) { return 0; }
            zero = v.zero;
        }
    }
    double u = fmax(0, wp_years(w->now - zero) + later), a = quantity(e, s, q->a), b = quantity(e, s, q->b);
    if (q->kind == WP_QUANTITY_WEIBULL) { return q->by_rate ? b * pow(u, a) : pow(u / b, a); }
    return b == 0 ? a * u : a * expm1(b * u) / b;
}

/* ---- keep_average_by ---------------------------------------------------------------------------- */

static long class_key(eye *e, subject s, const wp_factor *f)
{
    long key = 0;
    for (int i = 0; i < f->n_keep_average_by; i++) {
        seen v = look_at(e, s, &f->keep_average_by[i]);
        key = key * 1000 + (v.none ? 999 : v.is_level ? v.level : (long)floor(v.number));
    }
    return key;
}

static double raw_factor(eye *e, subject s, const wp_factor *f)
{
    if (!holds(e, s, f->when)) { return 1; }
    double value = quantity(e, s, &f->value);
    return isnan(value) ? 1 : value;
}

static double founder_mean(eye *e, subject s, const wp_factor *f)
{
    place *pl = e->w->place;
    if (f->n_keep_average_by == 0 || !pl->averages_ready) { return 1; }
    long key = class_key(e, s, f);
    for (int i = 0; i < pl->n_means; i++) {
        for (int k = 0; pl->means[i].factor == f && k < pl->means[i].n; k++) {
            if (pl->means[i].cells[k].key == key) {
                return pl->means[i].cells[k].sum / pl->means[i].cells[k].n;
            }
        }
    }
    return 1;
}

static void note_mean(place *pl, eye *e, subject s, const wp_factor *f)
{
    int i = 0, k = 0;
    while (i < pl->n_means && pl->means[i].factor != f) { i++; }
    if (i == pl->n_means) {
        pl->means = realloc(pl->means, (size_t)(i + 1) * sizeof *pl->means);
        memset(&pl->means[i], 0, sizeof pl->means[i]);
        pl->means[i].factor = f;
        pl->n_means++;
    }
    long key = class_key(e, s, f);
    while (k < pl->means[i].n && pl->means[i].cells[k].key != key) { k++; }
    if (k == pl->means[i].n) {
        pl->means[i].cells = realloc(pl->means[i].cells, (size_t)(k + 1) * sizeof *pl->means[i].cells);
        pl->means[i].cells[k].key = key;
        pl->means[i].cells[k].sum = pl->means[i].cells[k].n = 0;
        pl->means[i].n++;
    }
    pl->means[i].cells[k].sum += raw_factor(e, s, f);
    pl->means[i].cells[k].n += 1;
}

void note_founder_means(place *pl, world *w)
{
    eye e = {w, WP_TICK_NEVER, -1};
    for (int p = 0; p < pl->sc->n_processes; p++) {
        const wp_process *proc = &pl->sc->processes[p];
        int n = proc->of == WP_PERSON      ? w->n_persons
                : proc->of == WP_HOUSEHOLD ? w->n_households
                                           : w->n_couples;
        for (int f = 0; f < proc->n_factors; f++) {
            for (int i = 0; i < n && proc->factors[f].n_keep_average_by > 0; i++) {
                note_mean(pl, &e, subject_of(proc->of, i), &proc->factors[f]);
            }
        }
        for (int o = 0; o < proc->n_options; o++) {
            for (int f = 0; f < proc->options[o].n_factors; f++) {
                const wp_factor *factor = &proc->options[o].factors[f];
                for (int i = 0; i < n && factor->n_keep_average_by > 0; i++) {
                    note_mean(pl, &e, subject_of(proc->of, i), factor);
                }
            }
        }
    }
}

/* The product of the factors of one scale; an effect of weight w makes a ratio r act as 1 + (r - 1) w. */
double factors(eye *e, subject s, const wp_factor *list, int n, wp_scale scale)
{
    double product = 1;
    for (int i = 0; i < n; i++) {
        const wp_factor *f = &list[i];
        double weight = 1;
        if (f->scale != scale) { continue; }
        if (f->intervention >= 0) {
            weight = effect_weight(e, s, f);
            if (weight == 0) { continue; }
        }
        double value = raw_factor(e, s, f) / founder_mean(e, s, f);
        product *= 1 + (value - 1) * weight;
    }
    return product;
}

/* ---- Durations ------------------------------------------------------------------------------------- */

/* Years; INFINITY for ever. */
double random_duration(eye *e, subject s, const wp_duration *d)
{
    gsl_rng *rng = e->w->place->rng;
    if (d->kind == WP_DURATION_FOR_EVER) { return INFINITY; }
    if (d->kind == WP_DURATION_EMPIRICAL) {
        return d->values[gsl_rng_uniform_int(rng, (unsigned long)d->n_values)];
    }
    double mean = quantity(e, s, &d->mean);
    if (d->kind == WP_DURATION_FIXED) { return mean; }
    if (d->kind == WP_DURATION_EXPONENTIAL) { return gsl_ran_exponential(rng, mean); }
    double cv = quantity(e, s, &d->cv);
    switch (d->kind) {
    case WP_DURATION_GAMMA: {
        double shape = d->cv_is_shape ? cv : 1 / (cv * cv);
        return gsl_ran_gamma(rng, shape, mean / shape);
    }
    case WP_DURATION_LOGNORMAL: {
        double variance = log(1 + cv * cv);
        return gsl_ran_lognormal(rng, log(mean) - variance / 2, sqrt(variance));
    }
    case WP_DURATION_WEIBULL: return gsl_ran_weibull(rng, mean, cv);
    default: return NAN;
    }
}

wp_tick later_by(wp_tick at, double years)
{
    wp_tick ticks = ticks_of(years);
    return ticks == WP_TICK_NEVER ? WP_TICK_NEVER : at + ticks;
}
