/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data of a small run. */
#include "result_fixture.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "results/columns.h"
#include "results/result.h"
#include "simulate/counts.h"

static wp_arena *arena_of(wp_run_data *data)
{
    return data->owner;
}

static char **texts(wp_run_data *data, int n, ...)
{
    char **list = wp_arena_alloc_array(arena_of(data), (size_t)n, sizeof *list);
    va_list arguments;
    va_start(arguments, n);
    for (int i = 0; i < n; i++) {
        list[i] = wp_arena_strdup(arena_of(data), va_arg(arguments, const char *));
    }
    va_end(arguments);
    return list;
}

static void name_things(wp_run_data *data)
{
    data->n_arms = 2;
    data->arms = texts(data, 2, "baseline", "hub");
    data->n_outcomes = 2;
    data->outcomes = texts(data, 2, "care", "falls");
    data->outcome_units = texts(data, 2, "person_years", "events");
    data->n_cells = 8;
    data->cell_grouping =
        texts(data, 8, "all", "by age", "by age", "all", "by age", "by age", "group", "group");
    data->cell_label = texts(data, 8, "all", "0-64", "65+", "all", "0-64", "65+", "abused", "r\xc3\xa9tired");
    data->n_interventions = 1;
    data->interventions = texts(data, 1, "hub");
    data->n_parameters = 2;
    data->parameters = texts(data, 2, "hub_effect", "onset");
    data->n_values = 1;
    data->values = texts(data, 1, "spend");
    data->n_events = 3;
    data->events = texts(data, 3, "born", "died", "fall");
    data->title = wp_arena_strdup(arena_of(data), "A made-up place");
    data->scenario_text = wp_arena_strdup(arena_of(data), "wholeplace: 1\n");
    data->resolved_text = wp_arena_strdup(arena_of(data), "people fall");
    data->scenario_path = wp_arena_strdup(arena_of(data), "place.yaml");
    data->version = wp_arena_strdup(arena_of(data), "0.1.0");
    data->created = wp_arena_strdup(arena_of(data), "2026-01-01T00:00:00Z");
    data->simd = wp_arena_strdup(arena_of(data), "portable");
    wp_money_data *money = &data->money;
    money->price_year = wp_arena_strdup(arena_of(data), "2011/12");
    money->discount_text = wp_arena_strdup(arena_of(data), "GBP 3.5 % a year");
    money->n_payers = 2;
    money->payers = texts(data, 2, "council", "nhs");
    money->payer_titles = texts(data, 2, "Council", "National Health Service");
    money->payer_tiers = texts(data, 2, "local", "central");
    money->n_unit_values = 3;
    money->unit_values = texts(data, 3, "care_day", "hub.visit", "operation");
    money->value_units = texts(data, 3, "GBP", "GBP", "GBP");
    money->value_views = texts(data, 3, "fiscal", "fiscal", "fiscal");
    money->value_sources = texts(data, 3, "made up", "made up", "");
    money->value_grades = texts(data, 3, "C", "C", "");
    money->n_targets = 1;
    money->targets = texts(data, 1, "falls_a_year");
    money->target_ids = texts(data, 1, "X1");
    money->target_says = texts(data, 1, "falls in a year");
    money->target_sources = texts(data, 1, "made up");
    money->target_figures = texts(data, 1, "falls, total per year, years 1-2");
    money->target_units = texts(data, 1, "per year");
}

/* Every array that has not been set: zeroed, of its length. */
static void make_arrays(wp_run_data *data)
{
    for (size_t i = 0; i < wp_n_columns; i++) {
        if (wp_column_array(data, &wp_columns[i]) != NULL) { continue; }
        void *array = wp_arena_alloc_array(arena_of(data), wp_column_length(data, &wp_columns[i]),
                                           wp_type_bytes(wp_columns[i].type));
        memcpy((char *)data + wp_columns[i].offset, &array, sizeof array);
    }
    data->cells = wp_arena_alloc_array(arena_of(data), wp_cells_length(data), sizeof *data->cells);
    data->batches = wp_arena_alloc_array(arena_of(data), wp_batches_length(data), sizeof *data->batches);
}

/* Doubled counts: a batch of the hub has fewer falls and less care, by an amount that varies. */
static int64_t batch_count(int arm, int draw, int replicate, int batch, int year, int outcome)
{
    int64_t care = (INT64_C(3) << 33) + (INT64_C(1) << 27) * (batch + 3 * year);
    int64_t falls = 2 * (20 + (batch * 7 + year * 3 + draw * 5 + replicate * 11) % 13);
    int64_t less = 2 * (3 + (batch * 5 + draw * 3 + replicate) % 4);
    if (outcome == 0) {
        return care - (arm == 1 ? (INT64_C(1) << 30) + (INT64_C(1) << 26) * (batch % 5 + draw % 7) : 0);
    }
    return falls - (arm == 1 ? less : 0);
}

static void fill_counts(wp_run_data *data)
{
    size_t batch_at = 0;
    int last = data->n_years - 1;
    for (int a = 0; a < data->n_arms; a++) {
        for (int run = 0; run < data->n_draws * data->n_replicates; run++) {
            int d = run / data->n_replicates, r = run % data->n_replicates;
            int64_t *cells = data->cells + (size_t)(a * data->n_draws * data->n_replicates + run) *
                                               (size_t)(data->n_years * data->n_cells);
            for (int b = 0; b < WP_N_BATCHES; b++) {
                for (int y = 0; y < data->n_years; y++) {
                    for (int o = 0; o < 2; o++) {
                        int64_t count = y == last ? 0 : batch_count(a, d, r, b, y, o);
                        data->batches[batch_at++] = count;
                        int64_t *at = cells + (size_t)y * 8 + (size_t)(3 * o);
                        at[0] += count;
                        at[1] += count / 4 * 2;
                        at[2] += count - count / 4 * 2;
                        if (o == 1) { at[3] += count / 8 * 2; at[4] += b % 2; }
                    }
                }
            }
        }
    }
}

/* A programme's total in nearly equal parts of whole counts. */
static void fill_programme_batches(wp_run_data *data)
{
    const int64_t *const totals[] = {data->offers, data->starts, data->ticks_in};
    int64_t *const batches[] = {data->offers_by_batch, data->starts_by_batch, data->ticks_in_by_batch};
    const int n_years = data->n_years, n_runs = data->n_arms * data->n_draws * data->n_replicates;
    for (int k = 0; k < 3; k++) {
        for (int at = 0; at < n_runs * n_years; at++) {
            const int run = at / n_years, year = at % n_years;
            const int64_t half = totals[k][at] / 2;
            for (int b = 0; b < WP_N_BATCHES; b++) {
                const int64_t part = half / WP_N_BATCHES + (b < half % WP_N_BATCHES ? 1 : 0);
                batches[k][(run * WP_N_BATCHES + b) * n_years + year] = 2 * part;
            }
        }
    }
    for (int b = 0; b < WP_N_BATCHES; b++) { data->founders_by_batch[b] = data->n_lineages / WP_N_BATCHES; }
}

static void fill_rest(wp_run_data *data)
{
    static const int cell_outcome[] = {0, 0, 0, 1, 1, 1, 1, 1};
    memcpy(data->cell_outcome, cell_outcome, sizeof cell_outcome);
    data->outcome_scale[0] = 0x1p-33;
    data->outcome_scale[1] = 0.5;
    size_t n_runs = (size_t)data->n_draws * (size_t)data->n_replicates;
    for (size_t run = 0; run < n_runs; run++) {
        size_t at = (n_runs + run) * (size_t)data->n_years;
        data->offers[at] = 2 * 150;
        data->starts[at] = 2 * (100 + (int64_t)run % 5);
        data->ticks_in[at] = INT64_C(90) << 33;
        data->life[2 * run] = 0x0123456789abcdefu * (run + 1);
        data->life[2 * (n_runs + run) + 1] = run;
    }
    fill_programme_batches(data);
    for (int d = 0; d < data->n_draws; d++) {
        data->parameter_values[2 * d] = 0.7 + 0.001 * d;
        data->parameter_values[2 * d + 1] = 0.03;
        data->model_digests[32 * d] = (uint8_t)d;
    }
    data->population_digest[31] = 7;
    data->value_sum[0] = 1234.5;
    for (int64_t i = 0; i < data->n_trace; i++) {
        data->trace_lineage[i] = (uint64_t)1 << 63 | (uint64_t)i;
        data->trace_kind[i] = (int8_t)(i % 3);
        data->trace_time[i] = 0.25 * (double)i;
        data->trace_event[i] = (int32_t)(i % 3);
    }
}

static void fill_money(wp_run_data *data)
{
    static const int per[] = {0, 2, 0}, outcome[] = {0, -1, 1}, intervention[] = {-1, 0, -1};
    static const double amount[] = {8000, 2000, 9000}, shares[] = {0.5, 0.5, 1, 0, 0, 1};
    wp_money_data *money = &data->money;
    data->money.arm_has[1] = 1;
    money->payer_part_of[0] = money->payer_part_of[1] = -1;
    memcpy(money->value_per, per, sizeof per);
    memcpy(money->value_outcome, outcome, sizeof outcome);
    memcpy(money->value_intervention, intervention, sizeof intervention);
    memcpy(money->shares, shares, sizeof shares);
    for (int u = 0; u < 3; u++) {
        money->cash_shares[u] = NAN;
        money->costs_up[u] = 0.25;
        money->benefits_down[u] = 0.2;
        for (int y = 0; y < data->n_years; y++) {
            money->discounts[u * data->n_years + y] = pow(1.035, -y - 0.5);
            for (int d = 0; d < data->n_draws; d++) {
                money->amounts[(d * 3 + u) * data->n_years + y] = amount[u];
            }
        }
    }
    money->target_low[0] = 400;
    money->target_high[0] = 500;
    money->target_within[0] = 0.05;
    for (int i = 0; i < data->n_draws * data->n_replicates; i++) { money->target_values[i] = 600 + i; }
}

void result_fixture(wp_run_data *data, int n_draws, int n_replicates, int n_years, int n_trace)
{
    *data = (wp_run_data){.n_draws = n_draws, .n_replicates = n_replicates, .n_years = n_years + 1,
                          .n_trace = n_trace, .seed = UINT64_C(1) << 63 | 5, .sample = 0.1, .weight = 10,
                          .n_lineages = 640, .n_people = 1600, .seconds = 1.5, .threads = 2};
    wp_arena *arena = calloc(1, sizeof *arena);
    wp_arena_init(arena, 0);
    data->owner = arena;
    data->years = wp_arena_alloc_array(arena, (size_t)n_years + 1, sizeof *data->years);
    for (int y = 0; y <= n_years; y++) { data->years[y] = 2012 + y; }
    name_things(data);
    make_arrays(data);
    fill_counts(data);
    fill_rest(data);
    fill_money(data);
}

void result_fixture_free(wp_run_data *data)
{
    wp_result_free(data);
}
