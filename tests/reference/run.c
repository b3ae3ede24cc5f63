/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole run of the reference: founding households and arrivals, from border to border, and the sums. */
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

#include "reference/world.h"

/* Do lineages meet: through a queue, an indicator, or a stream from outside? */
static bool is_coupled(const wp_scenario *sc, uint32_t arm)
{
    bool coupled = sc->n_pools > 0 || sc->n_indicators > 0 || sc->n_arrivals > 0;
    for (int v = 0; v < sc->n_interventions; v++) {
        coupled |= (arm >> v & 1) && sc->interventions[v].capacity != WP_CAPACITY_NONE;
    }
    return coupled;
}

static wp_status cannot(wp_error *err, const char *what)
{
    if (err != NULL && err->status == WP_OK) {
        err->status = WP_ERR_ARGUMENT;
        snprintf(err->text, sizeof err->text, "the reference does not know %s", what);
    }
    return WP_ERR_ARGUMENT;
}

static wp_status check_known(const wp_scenario *sc, uint32_t arm, wp_error *err)
{
    for (int p = 0; p < sc->n_pools; p++) {
        if (!(sc->pools[p].settled > 0)) { return cannot(err, "pools settled at once"); }
    }
    for (int v = 0; v < sc->n_interventions; v++) {
        if ((arm >> v & 1) && sc->interventions[v].capacity != WP_CAPACITY_NONE &&
            !(sc->interventions[v].settled > 0)) {
            return cannot(err, "capacities settled at once");
        }
    }
    return WP_OK;
}

static world *add_world(place *pl, wp_tick now, wp_error *err)
{
    if (pl->n_worlds == pl->cap_worlds) {
        pl->cap_worlds = 2 * pl->cap_worlds + 64;
        pl->worlds = realloc(pl->worlds, (size_t)pl->cap_worlds * sizeof *pl->worlds);
    }
    world *w = new_world(pl);
    w->now = now;
    w->err = err;
    pl->worlds[pl->n_worlds++] = w;
    return w;
}

static int heads(const world *w)
{
    int n = 0;
    for (int i = 0; i < w->n_persons; i++) { n += w->persons[i].being.here; }
    return n;
}

static void found_one(place *pl, world *w, int64_t index)
{
    wp_founding_household *h = malloc(sizeof *h);
    wp_population_household(pl->population, index, h);
    found(w, h, AT_START);
    free(h);
}

/* keep_average_by needs the mean of its factors among the founders of the whole place. */
static void find_founder_means(place *pl, wp_error *err)
{
    bool wanted = false;
    const wp_scenario *sc = pl->sc;
    for (int p = 0; p < sc->n_processes; p++) {
        for (int f = 0; f < sc->processes[p].n_factors; f++) {
            wanted |= sc->processes[p].factors[f].n_keep_average_by > 0;
        }
        for (int o = 0; o < sc->processes[p].n_options; o++) {
            for (int f = 0; f < sc->processes[p].options[o].n_factors; f++) {
                wanted |= sc->processes[p].options[o].factors[f].n_keep_average_by > 0;
            }
        }
    }
    for (int64_t i = 0; wanted && i < wp_population_households(pl->population); i++) {
        world *w = add_world(pl, 0, err);
        found_one(pl, w, i);
        note_founder_means(pl, w);
        free_world(w);
        pl->n_worlds--;
    }
    pl->averages_ready = true;
}

/* ---- Sums ----------------------------------------------------------------------------------------------- */

static void add_unit(reference_totals *t, const double *count)
{
    for (int o = 0; o < t->n_outcomes; o++) {
        double run = 0;
        for (int y = 0; y < t->n_years; y++) {
            double x = count[y * t->n_outcomes + o];
            t->sum[y * t->n_outcomes + o] += x;
            t->square[y * t->n_outcomes + o] += x * x;
            run += x;
        }
        t->unit_run_sum[o] += run;
        t->unit_run_square[o] += run * run;
    }
    t->n_units++;
}

/* One lineage on its own, from its beginning to the end. What happens at the instant of a border belongs
   to the year that begins there. */
static void live(place *pl, world *w)
{
    reference_totals *t = pl->totals;
    for (int y = 0; y <= pl->n_years && w->status == WP_OK; y++) {
        if (y > 0) {
            advance(w, (wp_tick)y * WP_TICKS_PER_YEAR);
            t->end[y - 1] += heads(w);
        }
        t->start[y] += heads(w);
        instant(w);
    }
}

/* ---- Coupled lineages: all from border to border ------------------------------------------------------------ */

static wp_tick next_border(const place *pl, wp_tick now)
{
    wp_tick next = pl->end;
    const wp_scenario *sc = pl->sc;
    eye e = {pl->worlds[0], next, -1};
    world clock = {.now = now};
    e.w = &clock;
    for (int p = 0; p < sc->n_pools; p++) {
        wp_occasion at = {.kind = WP_AT_EVERY, .every = sc->pools[p].settled, .from = sc->pools[p].settled};
        next_occasion(&e, subject_of(WP_PLACE, 0), &at);
    }
    for (int v = 0; v < sc->n_interventions; v++) {
        wp_occasion at = {
            .kind = WP_AT_EVERY, .every = sc->interventions[v].settled, .from = sc->interventions[v].settled};
        if (sc->interventions[v].capacity != WP_CAPACITY_NONE) {
            next_occasion(&e, subject_of(WP_PLACE, 0), &at);
        }
    }
    for (int k = 0; k < sc->n_indicators; k++) {
        wp_occasion at = {
            .kind = WP_AT_EVERY, .every = sc->indicators[k].period, .from = sc->indicators[k].period};
        next_occasion(&e, subject_of(WP_PLACE, 0), &at);
    }
    return e.next;
}

static void update_indicators(place *pl, wp_tick at)
{
    for (int k = 0; k < pl->sc->n_indicators; k++) {
        double period = pl->sc->indicators[k].period, n = round(wp_years(at) / period);
        if (at > 0 && ticks_of(n * period) != at) { continue; }
        for (int l = 0; l < WP_MAX_LEVELS; l++) {
            if (pl->among_time[k][l] > 0) {
                pl->indicator[k][l] = pl->share_time[k][l] / pl->among_time[k][l];
            }
            pl->share_time[k][l] = pl->among_time[k][l] = 0;
        }
    }
}

/* Households that come from outside in (from, to]. */
static void arrive(place *pl, int stream, wp_tick from, wp_tick to, wp_error *err)
{
    const wp_arrival *a = &pl->sc->arrivals[stream];
    wp_tick now = from;
    while (now < to) {
        world clock = {.place = pl, .now = now};
        eye e = {&clock, to, -1};
        double rate = quantity(&e, subject_of(WP_PLACE, 0), &a->hazard);
        double wait = rate > 0 ? gsl_ran_exponential(pl->rng, 1 / rate) : INFINITY;
        if (!(wait < wp_years(e.next - now))) {
            now = e.next;
            continue;
        }
        now += ticks_of(wait);
        world *w = NULL;
        for (bool fits = false; !fits;) {
            w = add_world(pl, now, err);
            if (a->like_founders) {
                wp_founding_household *h = malloc(sizeof *h);
                unsigned long n = (unsigned long)wp_population_households(pl->population);
                wp_population_household(pl->population, (int64_t)gsl_rng_uniform_int(pl->rng, n), h);
                found(w, h, AT_ARRIVAL);
                free(h);
            } else {
                found_cohort(w, &a->cohort, AT_ARRIVAL);
            }
            eye look = {w, WP_TICK_NEVER, -1};
            fits = a->founders == NULL || holds(&look, subject_of(WP_HOUSEHOLD, 0), a->founders);
            if (!fits) {
                free_world(w);
                pl->n_worlds--;
            }
        }
        for (int i = 0; i < w->n_persons; i++) {
            pl->totals->entered[year_of(w, now)]++;
            raise_event(w, subject_of(WP_PERSON, i), WP_EVENT_ARRIVED, -1);
        }
        run_hooks(w);
    }
}

static void note_heads(place *pl, int year, bool at_end)
{
    int64_t *list = at_end ? pl->totals->end : pl->totals->start;
    for (int k = 0; k < pl->n_worlds; k++) { list[year] += heads(pl->worlds[k]); }
}

static void live_together(place *pl, wp_error *err)
{
    wp_tick now = 0;
    for (int k = 0; k < pl->n_worlds; k++) { accrue(pl->worlds[k], 1); } /* founders' shares */
    for (int k = 0; k < pl->n_worlds; k++) {
        memset(pl->worlds[k]->count, 0, (size_t)((pl->n_years + 1) * pl->sc->n_outcomes) * sizeof(double));
    }
    update_indicators(pl, 0);
    note_heads(pl, 0, false);
    for (int k = 0; k < pl->n_worlds; k++) { instant(pl->worlds[k]); }
    while (now < pl->end) {
        wp_tick year = ((now >> 32) + 1) << 32, border = next_border(pl, now);
        wp_tick to = border < year ? border : year;
        for (int s = 0; s < pl->sc->n_arrivals; s++) { arrive(pl, s, now, to, err); }
        for (int k = 0; k < pl->n_worlds; k++) { advance(pl->worlds[k], to); }
        if (to == year) {
            note_heads(pl, (int)(to >> 32) - 1, true);
            note_heads(pl, (int)(to >> 32), false);
        }
        update_indicators(pl, to);
        settle(pl, to);
        for (int k = 0; k < pl->n_worlds; k++) { instant(pl->worlds[k]); }
        now = to;
    }
}

/* ---- The run ------------------------------------------------------------------------------------------------- */

static wp_status init_totals(reference_totals *t, const wp_scenario *sc)
{
    memset(t, 0, sizeof *t);
    t->n_years = sc->n_years + 1;
    t->n_outcomes = sc->n_outcomes;
    size_t n = (size_t)(t->n_years * t->n_outcomes + 1), years = (size_t)t->n_years + 1;
    t->sum = calloc(n, sizeof *t->sum);
    t->square = calloc(n, sizeof *t->square);
    t->unit_run_sum = calloc((size_t)t->n_outcomes + 1, sizeof *t->unit_run_sum);
    t->unit_run_square = calloc((size_t)t->n_outcomes + 1, sizeof *t->unit_run_square);
    int64_t **flows[] = {&t->start, &t->born, &t->entered, &t->died, &t->left, &t->end};
    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++) {
        *flows[i] = calloc(years, sizeof **flows[i]);
    }
    return WP_OK;
}

void reference_totals_free(reference_totals *t)
{
    free(t->sum); free(t->square); free(t->unit_run_sum); free(t->unit_run_square);
    free(t->start); free(t->born); free(t->entered); free(t->died); free(t->left); free(t->end);
    memset(t, 0, sizeof *t);
}

static wp_status run_replicate(place *pl, int64_t n, bool coupled, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n_count = (size_t)((pl->n_years + 1) * pl->sc->n_outcomes + 1);
    double *count = calloc(n_count, sizeof *count);
    for (int64_t i = 0; i < n && status == WP_OK; i++) {
        world *w = add_world(pl, 0, err);
        found_one(pl, w, i);
        if (!coupled) {
            live(pl, w);
            add_unit(pl->totals, w->count);
            status = w->status;
            free_world(w);
            pl->n_worlds = 0;
        }
    }
    if (coupled) {
        live_together(pl, err);
        for (int k = 0; k < pl->n_worlds; k++) {
            for (size_t c = 0; c + 1 < n_count; c++) { count[c] += pl->worlds[k]->count[c]; }
            if (pl->worlds[k]->status != WP_OK) { status = pl->worlds[k]->status; }
            free_world(pl->worlds[k]);
        }
        pl->n_worlds = 0;
        add_unit(pl->totals, count);
    }
    free(count);
    return status;
}

wp_status reference_run(const wp_scenario *scenario, const reference_options *options,
                        reference_totals *totals, wp_error *err)
{
    place *pl = calloc(1, sizeof *pl);
    wp_population *population = NULL;
    init_totals(totals, scenario);
    pl->sc = scenario;
    pl->options = options;
    pl->arm = scenario->arms[options->arm].interventions;
    pl->n_years = scenario->n_years;
    pl->end = (wp_tick)scenario->n_years * WP_TICKS_PER_YEAR;
    pl->totals = totals;
    pl->rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(pl->rng, (unsigned long)(options->seed ^ options->seed >> 32) + 12345);
    wp_status status = check_known(scenario, pl->arm, err);
    if (status == WP_OK) { status = wp_population_init(&population, scenario, scenario->seed, err); }
    if (status == WP_OK) {
        pl->population = population;
        int64_t n = wp_population_households(population);
        bool coupled = is_coupled(scenario, pl->arm);
        totals->by_replicate = coupled;
        if (options->n_lineages > 0 && options->n_lineages < n && !coupled) { n = options->n_lineages; }
        find_founder_means(pl, err);
        for (int r = 0; r < (options->n_replicates > 0 ? options->n_replicates : 1) && status == WP_OK; r++) {
            for (int p = 0; p < scenario->n_pools; p++) {
                pl->taken[p] = calloc(WP_MAX_LEVELS, sizeof(double));
                pl->lapsed[p] = calloc(WP_MAX_LEVELS, sizeof(double));
            }
            for (int v = 0; v < WP_MAX_INTERVENTIONS; v++) { pl->quota_year[v] = -1; pl->quota_used[v] = 0; }
            memset(pl->share_time, 0, sizeof pl->share_time);
            memset(pl->among_time, 0, sizeof pl->among_time);
            pl->n_requests = 0;
            status = run_replicate(pl, n, coupled, err);
            for (int p = 0; p < scenario->n_pools; p++) { free(pl->taken[p]); free(pl->lapsed[p]); }
        }
    }
    for (int i = 0; i < pl->n_means; i++) { free(pl->means[i].cells); }
    free(pl->means); free(pl->worlds); free(pl->requests);
    gsl_rng_free(pl->rng);
    wp_population_free(population);
    free(pl);
    return status;
}
