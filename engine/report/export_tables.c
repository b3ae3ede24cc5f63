/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV tables of a result. */
#include "report/export.h"

#include <gsl/gsl_statistics_double.h>
#include <string.h>

#include "base/fail.h"
#include "base/field.h"
#include "results/sides.h"
#include "simulate/counts.h"
#include "uncertainty/arm_draws.h"
#include "uncertainty/costs.h"
#include "uncertainty/inputs.h"
#include "uncertainty/nested.h"

static size_t n_runs_of(const wp_run_data *data)
{
    return (size_t)data->n_draws * (size_t)data->n_replicates;
}

/* ---- Tidy tables --------------------------------------------------------------------------------------- */

static void begin_row_of_run(FILE *out, const wp_run_data *data, int arm, size_t run)
{
    wp_field_csv(out, data->arms[arm]);
    fprintf(out, ",%zu,%zu,", run / (size_t)data->n_replicates + 1, run % (size_t)data->n_replicates + 1);
}

static void begin_row(FILE *out, const wp_run_data *data, int arm, size_t run, size_t year)
{
    begin_row_of_run(out, data, arm, run);
    fprintf(out, "%d,", data->years[year]);
}

wp_status wp_export_counts(FILE *out, const wp_export_source *source, wp_error *err)
{
    (void)err;
    const wp_run_data *data = source->data;
    const int64_t *at = data->cells;
    fputs("arm,draw,replicate,year,outcome,unit,grouping,group,value\n", out);
    for (int arm = 0; arm < data->n_arms; arm++) {
        for (size_t run = 0; run < n_runs_of(data); run++) {
            for (size_t y = 0; y < (size_t)data->n_years; y++) {
                for (int c = 0; c < data->n_cells; c++) {
                    int o = data->cell_outcome[c];
                    begin_row(out, data, arm, run, y);
                    wp_field_csv(out, data->outcomes[o]);
                    fprintf(out, ",%s,", data->outcome_units[o]);
                    wp_field_csv(out, data->cell_grouping[c]);
                    fputc(',', out);
                    wp_field_csv(out, data->cell_label[c]);
                    fprintf(out, ",%.17g\n", (double)*at++ * data->outcome_scale[o] * data->weight);
                }
            }
        }
    }
    return WP_OK;
}

/* The rows of one unit value in one year: one a payer, or one without where none is stated. */
static void money_rows(FILE *out, const wp_export_source *source, int arm, size_t run, size_t year, int u)
{
    const wp_run_data *data = source->data;
    const wp_money_data *money = &data->money;
    size_t draw = run / (size_t)data->n_replicates, n_years = (size_t)data->n_years;
    double count = wp_pricing_count(source->pricing, arm, (int)draw, (int)(run % (size_t)data->n_replicates),
                                    -1, u, (int)year);
    double amount = money->amounts[(draw * (size_t)money->n_unit_values + (size_t)u) * n_years + year];
    const double *shares = money->shares + (size_t)u * (size_t)money->n_payers;
    double discount = money->discounts[(size_t)u * n_years + year], stated = 0.0;
    for (int p = 0; p <= money->n_payers; p++) {
        double share = p < money->n_payers ? shares[p] : stated == 0.0 ? 1.0 : 0.0;
        if (p < money->n_payers) { stated += share; }
        if (share == 0.0) { continue; }
        begin_row(out, data, arm, run, year);
        wp_field_csv(out, money->unit_values[u]);
        fprintf(out, ",%s,%s,", money->value_units[u], money->value_views[u]);
        wp_field_csv(out, p < money->n_payers ? money->payers[p] : "");
        fprintf(out, ",%.17g,%.17g\n", count * amount * share, count * amount * share * discount);
    }
}

wp_status wp_export_money(FILE *out, const wp_export_source *source, wp_error *err)
{
    (void)err;
    const wp_run_data *data = source->data;
    fputs("arm,draw,replicate,year,unit_value,unit,view,payer,value,discounted\n", out);
    for (int arm = 0; arm < data->n_arms; arm++) {
        for (size_t run = 0; run < n_runs_of(data); run++) {
            for (size_t y = 0; y < (size_t)data->n_years; y++) {
                for (int u = 0; u < data->money.n_unit_values; u++) {
                    money_rows(out, source, arm, run, y, u);
                }
            }
        }
    }
    return WP_OK;
}

wp_status wp_export_spend(FILE *out, const wp_export_source *source, wp_error *err)
{
    (void)err;
    const wp_run_data *data = source->data;
    size_t at = 0;
    fputs("arm,draw,replicate,year,spend_from,people,spend\n", out);
    for (int arm = 0; arm < data->n_arms; arm++) {
        for (size_t run = 0; run < n_runs_of(data); run++) {
            for (size_t y = 0; y < (size_t)data->n_years; y++) {
                for (int b = 0; b < data->n_spend_bins; b++, at++) {
                    if (data->spend_people[at] == 0) { continue; }
                    begin_row(out, data, arm, run, y);
                    fprintf(out, "%.17g,%.17g,%.17g\n", data->spend_from[b],
                            (double)data->spend_people[at] * data->weight,
                            0.01 * (double)data->spend_pence[at] * data->weight);
                }
            }
        }
    }
    return WP_OK;
}

wp_status wp_export_household(FILE *out, const wp_export_source *source, wp_error *err)
{
    (void)err;
    const wp_run_data *data = source->data;
    const size_t n_sides = (size_t)data->n_sides;
    fputs("arm,draw,replicate,valuation,side,people,saving\n", out);
    for (size_t part = 0; part < (size_t)data->n_arms * n_runs_of(data); part++) {
        for (size_t row = 0; row < (size_t)data->n_values * n_sides; row++) {
            const size_t side = row % n_sides;
            begin_row_of_run(out, data, (int)(part / n_runs_of(data)), part % n_runs_of(data));
            wp_field_csv(out, data->values[row / n_sides]);
            fprintf(out, ",%s,%.17g,%.17g\n", data->sides[side],
                    (double)data->side_people[part * n_sides + side] * data->weight,
                    WP_SIDE_UNIT * (double)data->side_amounts[part * (size_t)data->n_values * n_sides + row] *
                        data->weight);
        }
    }
    return WP_OK;
}

/* ---- One row a draw ------------------------------------------------------------------------------------ */

static void header(FILE *out, const char *const *names, int n)
{
    for (int i = 0; i < n; i++) {
        if (i > 0) { fputc(',', out); }
        wp_field_csv(out, names[i]);
    }
    fputc('\n', out);
}

wp_status wp_export_parameters(FILE *out, const wp_export_source *source, wp_error *err)
{
    wp_status status = WP_OK;
    wp_inputs inputs;
    wp_arena arena;
    wp_arena_init(&arena, 0);
    WP_TRY(wp_inputs_of(source->data, &arena, &inputs, err));
    header(out, inputs.names, inputs.n);
    for (int d = 0; d < source->data->n_draws; d++) {
        for (int i = 0; i < inputs.n; i++) {
            fprintf(out, "%s%.17g", i > 0 ? "," : "", inputs.values[d * inputs.n + i]);
        }
        fputc('\n', out);
    }
out:
    wp_arena_free(&arena);
    return status;
}

/* What the baseline itself costs, or yields of the unit, in each draw: means over replicates, with the
   noise of the lives removed or, `with_noise`, with it. */
static wp_status baseline_levels(const wp_export_source *source, const char *unit, wp_arena *arena,
                                 double *levels, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = source->data;
    const size_t n = n_runs_of(data), n_years = (size_t)data->n_years,
                 n_replicates = (size_t)data->n_replicates;
    wp_nested nested = {0};
    double *values = wp_arena_alloc_array(arena, n, sizeof *values);
    double *batch_values = wp_arena_alloc_array(arena, n * WP_N_BATCHES, sizeof *batch_values);
    double *years = wp_arena_alloc_array(arena, n_years, sizeof *years);
    WP_TRY_ALLOC(values);
    WP_TRY_ALLOC(batch_values);
    WP_TRY_ALLOC(years);
    for (size_t run = 0; run < n; run++) {
        for (int b = -1; b < WP_N_BATCHES; b++) {
            double *sum = b < 0 ? &values[run] : &batch_values[run * WP_N_BATCHES + (size_t)b];
            memset(years, 0, n_years * sizeof *years);
            wp_add_costs(source->pricing, 0, -1, unit, run, b, years, 1);
            for (size_t y = 0; y < n_years; y++) { *sum += years[y]; }
        }
    }
    const wp_batches batches = {WP_N_BATCHES, batch_values, data->founders_by_batch};
    const wp_nested_sample sample = {1, data->n_draws, data->n_replicates, values, &batches};
    WP_TRY(wp_nested_init(&nested, &sample, err));
    for (size_t d = 0; d < (size_t)data->n_draws; d++) {
        levels[d] = source->with_noise ? gsl_stats_mean(values + d * n_replicates, 1, n_replicates)
                                       : nested.draws[d];
    }
out:
    wp_nested_free(&nested);
    return status;
}

/* One row a draw: level[draw] and `sign` times the arm's difference from it. */
static void write_draws(FILE *out, const wp_run_data *data, const double *levels, double sign,
                        const double *differences)
{
    const size_t n_arms = (size_t)data->n_arms;
    header(out, (const char *const *)data->arms, data->n_arms);
    for (size_t d = 0; d < (size_t)data->n_draws; d++) {
        for (size_t a = 0; a < n_arms; a++) {
            const double level = levels == NULL ? 0.0 : levels[d];
            fprintf(out, "%s%.17g", a > 0 ? "," : "", level + sign * differences[d * n_arms + a]);
        }
        fputc('\n', out);
    }
}

wp_status wp_export_costs(FILE *out, const wp_export_source *source, wp_error *err)
{
    wp_status status = WP_OK;
    wp_arm_draws draws = {0};
    wp_arena arena;
    wp_arena_init(&arena, 0);
    double *levels = wp_arena_alloc_array(&arena, (size_t)source->data->n_draws, sizeof *levels);
    WP_TRY_ALLOC(levels);
    WP_TRY(baseline_levels(source, "GBP", &arena, levels, err));
    WP_TRY(wp_arm_draws_init(&draws, source->pricing, source->effect, err));
    write_draws(out, source->data, levels, -1.0,
                source->with_noise ? draws.savings_as_simulated : draws.savings);
out:
    wp_arm_draws_free(&draws);
    wp_arena_free(&arena);
    return status;
}

wp_status wp_export_effects(FILE *out, const wp_export_source *source, wp_error *err)
{
    wp_status status = WP_OK;
    wp_arm_draws draws = {0};
    wp_arena arena;
    wp_arena_init(&arena, 0);
    double *levels = wp_arena_alloc_array(&arena, (size_t)source->data->n_draws, sizeof *levels);
    WP_TRY_ALLOC(levels);
    WP_TRY(baseline_levels(source, source->effect, &arena, levels, err));
    WP_TRY(wp_arm_draws_init(&draws, source->pricing, source->effect, err));
    write_draws(out, source->data, levels, 1.0, source->with_noise ? draws.gains_as_simulated : draws.gains);
out:
    wp_arm_draws_free(&draws);
    wp_arena_free(&arena);
    return status;
}

wp_status wp_export_net_benefit(FILE *out, const wp_export_source *source, wp_error *err)
{
    wp_status status = WP_OK;
    wp_arm_draws draws = {0};
    WP_TRY(wp_arm_draws_init(&draws, source->pricing, NULL, err));
    write_draws(out, source->data, NULL, 1.0,
                source->with_noise ? draws.savings_as_simulated : draws.savings);
out:
    wp_arm_draws_free(&draws);
    return status;
}
