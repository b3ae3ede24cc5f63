/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The age of a spell that is met at the start has the density S(t) over its integral, S the share of such spells
   that last t (Cox 1962, Renewal Theory, section 5.2), and nobody's spell began before they were born. By inverse
   CDF: plain hazards are constant between edges of the time in the level, so S and its integral are written out;
   delays and Weibull hazards have tables, cut off at the person's age. */
#include "simulate/spells.h"

#include <math.h>

#include "chance/elementary.h"
#include "chance/uniform.h"

enum { MAX_CLASSES = UINT8_MAX + 1 };

/* The subject and the state whose spell is drawn. */
typedef struct spell_of {
    wp_subject_kind kind;
    uint32_t i;
    const wp_variable_model *variable;
    const wp_spell *spell;
    int time_in;     /* its TIME_IN feature, or -1 */
    double longest;  /* years: a person's age, else infinity */
} spell_of;

/* ---- Levels that end by hazards ------------------------------------------------------------------- */

/* Share of the process's events that end the level, for the subject as it is now. */
static double share_that_ends(wp_sim *sim, const spell_of *s, const wp_exit *exit)
{
    double p[WP_MAX_LEVELS], share = 0.0;
    const wp_process_model *process = &sim->model->processes[exit->process];
    if (exit->answers == UINT64_MAX) { return 1.0; }
    wp_sim_probabilities(sim, exit->process, s->i, p);
    for (int a = 0; a < process->n_answers; a++) {
        const int64_t option = process->answers[a].option - process->process->options;
        if (exit->answers >> option & 1) { share += p[a]; }
    }
    return share;
}

static double hazard_of_ending(wp_sim *sim, const spell_of *s)
{
    double hazard = 0.0;
    for (int e = 0; e < s->spell->n_exits; e++) {
        const wp_exit *exit = &s->spell->exits[e];
        const double rate = wp_product_at(&sim->model->processes[exit->process].rate,
                                          &sim->block.columns[s->kind], s->i);
        if (rate > 0.0) { hazard += rate * share_that_ends(sim, s, exit); }
    }
    return hazard;
}

/* Hazards in each class of the time in the level, as if the spell had reached it. */
static int hazards_by_time(wp_sim *sim, const spell_of *s, double *hazards)
{
    if (s->time_in < 0) {
        hazards[0] = hazard_of_ending(sim, s);
        return 1;
    }
    const int n = sim->model->kinds[s->kind].features[s->time_in].n_edges + 1;
    uint8_t *cell = wp_feature_at(&sim->block.columns[s->kind], s->time_in, s->i);
    const uint8_t now = *cell;
    for (int c = 0; c < n; c++) {
        *cell = (uint8_t)c;
        hazards[c] = hazard_of_ending(sim, s);
    }
    *cell = now;
    return n;
}

/* The integral of exp(-hazard t) up to `years`. */
static double integral(double hazard, double years)
{
    if (hazard == 0.0) { return years; }
    return years < INFINITY ? -wp_expm1(-hazard * years) / hazard : 1.0 / hazard;
}

static double age_by_hazards(wp_sim *sim, const spell_of *s, double u)
{
    double hazards[MAX_CLASSES], from[MAX_CLASSES + 1], before[MAX_CLASSES + 1], survival[MAX_CLASSES];
    const int n = hazards_by_time(sim, s, hazards);
    double still = 1.0;
    before[0] = from[0] = 0.0;
    for (int c = 0; c < n; c++) {
        const double edge = c + 1 == n ? s->longest
                                       : wp_years(sim->model->kinds[s->kind].features[s->time_in].edges[c]);
        from[c + 1] = fmax(from[c], fmin(edge, s->longest));
        const double years = from[c + 1] - from[c];
        survival[c] = still;
        before[c + 1] = before[c] + still * integral(hazards[c], years);
        still *= years < INFINITY ? wp_exp(-hazards[c] * years) : 0.0;
    }
    if (!(before[n] < INFINITY)) { return INFINITY; }
    const double sought = u * before[n];
    int c = 0;
    while (c < n - 1 && before[c + 1] < sought) { c++; }
    const double part = (sought - before[c]) / survival[c];
    return from[c] + (hazards[c] == 0.0 ? part : -wp_log1p(-part * hazards[c]) / hazards[c]);
}

/* ---- Levels that end by a delay, or by a Weibull hazard ---------------------------------------------- */

/* What the standard quantiles of whole spells are multiplied by; infinity where the level does not end. */
static double scale_of_delay(wp_sim *sim, const spell_of *s)
{
    const wp_process_model *process = &sim->model->processes[s->spell->exits[0].process];
    const wp_columns *columns = &sim->block.columns[s->kind];
    if (wp_product_at(&process->when, columns, s->i) == 0.0) { return INFINITY; }
    return wp_product_at(&process->delay_scale, columns, s->i) *
           wp_product_at(&process->delay_factor, columns, s->i);
}

/* S = exp(-k t^shape), so the scale is k^(-1/shape). */
static double scale_of_weibull(wp_sim *sim, const spell_of *s)
{
    const wp_smooth_hazard *smooth = &sim->model->processes[s->spell->exits[0].process].smooth;
    const double k = hazard_of_ending(sim, s) * smooth->rate;
    return k > 0.0 ? wp_pow(k, -1.0 / smooth->shape) : INFINITY;
}

static double age_by_table(const spell_of *s, int level, double scale, double u)
{
    const wp_quantile_table *table = s->variable->spell_tables[level];
    if (scale == INFINITY) { return u * s->longest; }
    if (!(scale > 0.0)) { return 0.0; }
    const double share = s->longest < INFINITY ? wp_quantile_table_share(table, s->longest / scale) : 1.0;
    return scale * wp_quantile_table_at(table, fmax(u * share, 0x1p-60));
}

/* ---- A subject ------------------------------------------------------------------------------------------ */

static double age_of_spell(wp_sim *sim, const spell_of *s, int level, double u)
{
    switch (s->spell->kind) {
    case WP_SPELL_HAZARDS: return age_by_hazards(sim, s, u);
    case WP_SPELL_DELAY: return age_by_table(s, level, scale_of_delay(sim, s), u);
    case WP_SPELL_SMOOTH: return age_by_table(s, level, scale_of_weibull(sim, s), u);
    default: return u * s->longest;
    }
}

/* Where `clock` left out means the time since `when` became true, that began with the level. */
static void begin_clock(wp_sim *sim, const spell_of *s, wp_tick since)
{
    wp_columns *columns = &sim->block.columns[s->kind];
    if (s->spell->kind != WP_SPELL_SMOOTH) { return; }
    const wp_process_model *process = &sim->model->processes[s->spell->exits[0].process];
    if (process->smooth.clock_is_when && wp_product_at(&process->when, columns, s->i) != 0.0) {
        columns->since[(size_t)process->smooth.since * columns->capacity + s->i] = since;
    }
}

static void begin_spell(wp_sim *sim, wp_subject_kind kind, uint32_t i, int variable)
{
    const wp_variable_model *model = &sim->model->variables[variable];
    wp_columns *columns = &sim->block.columns[kind];
    const int level = wp_sim_level(sim, variable, i);
    const spell_of s = {.kind = kind,
                        .i = i,
                        .variable = model,
                        .spell = &model->variable->spells[level],
                        .time_in = sim->plan->kinds[kind].time_in[variable],
                        .longest = kind == WP_PERSON ? wp_years(sim->now - sim->block.persons[i].birth)
                                                     : INFINITY};
    const double u = wp_uniform(sim->key, wp_sim_id(sim, kind, i), model->purpose, 1);
    const double years = fmin(age_of_spell(sim, &s, level, u), s.longest);
    if (!(years < 1e6)) {
        wp_sim_fail(sim, WP_ERR_RUN, "'%s' has no equilibrium for a household whose '%s' never ends",
                    model->variable->name, model->variable->levels[level]);
        return;
    }
    const wp_tick since = sim->now - (wp_tick)(years * 0x1p32);
    columns->since[(size_t)model->since * columns->capacity + i] = since;
    begin_clock(sim, &s, since);
}

/* The features of the times, once all are drawn. */
static void show_spell(wp_sim *sim, wp_subject_kind kind, uint32_t i, int variable)
{
    const wp_columns *columns = &sim->block.columns[kind];
    const int since = sim->model->variables[variable].since,
              time_in = sim->plan->kinds[kind].time_in[variable];
    if (time_in >= 0) {
        wp_sim_start_time(sim, kind, i, time_in, columns->since[(size_t)since * columns->capacity + i]);
    }
}

typedef void spell_fn(wp_sim *sim, wp_subject_kind kind, uint32_t i, int variable);

static void for_spells(wp_sim *sim, spell_fn *act)
{
    for (int v = 0; v < sim->model->n_variables; v++) {
        const wp_variable_model *model = &sim->model->variables[v];
        if (model->time_at_start != WP_TIME_EQUILIBRIUM) { continue; }
        for (uint32_t c = 0; c < sim->n_calendars && sim->status == WP_OK; c++) {
            const wp_calendar calendar = sim->calendars[c];
            if (calendar.kind == model->variable->of) { act(sim, calendar.kind, calendar.index, v); }
        }
    }
}

void wp_sim_begin_spells(wp_sim *sim)
{
    for_spells(sim, begin_spell);
    for_spells(sim, show_spell);
    wp_sim_refresh(sim);
}

double wp_sim_rest_of_spell(const wp_sim *sim, const wp_process_model *process, uint32_t i, double scale,
                            double u)
{
    const wp_columns *columns = &sim->block.columns[process->of];
    const int since = sim->model->variables[process->spell_variable].since;
    const double lasted = wp_years(sim->now - columns->since[(size_t)since * columns->capacity + i]);
    if (!(lasted > 0.0) || !(scale > 0.0)) { return scale * wp_quantile_table_at(process->delay_table, u); }
    const double share = wp_quantile_table_share(process->delay_table, lasted / scale);
    const double later = fmin(share + u * (1.0 - share), 1.0 - 0x1p-53);
    return fmax(scale * wp_quantile_table_at(process->delay_table, later) - lasted, 0.0);
}
