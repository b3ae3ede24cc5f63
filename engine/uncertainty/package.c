/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attribution of a saving among interventions. */
#include "uncertainty/package.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "simulate/counts.h"

enum { N_SETS = 1 << WP_MAX_PACKAGE };

static int size_of(unsigned set)
{
    int n = 0;
    for (; set != 0; set &= set - 1) { n++; }
    return n;
}

/* Chance that in a random order of m players exactly `set` has joined before a given other one: |S|!
   (m-1-|S|)! / m!. */
static double chance_before(unsigned set, int m)
{
    double chance = 1.0 / m;
    int before = size_of(set), others = m - 1;
    for (int i = 1; i <= before; i++) { chance *= (double)i / (others - before + i); }
    return chance;
}

/* The weight of worth[set] in player i's share. */
static double shapley_weight(unsigned set, int i, int m)
{
    unsigned bit = 1u << i;
    return (set & bit) != 0 ? chance_before(set & ~bit, m) : -chance_before(set, m);
}

void wp_shapley(const double *worth, int m, double *shares)
{
    for (int i = 0; i < m; i++) {
        shares[i] = 0.0;
        for (unsigned set = 0; set < 1u << m; set++) { shares[i] += shapley_weight(set, i, m) * worth[set]; }
    }
}

/* ---- Of a result --------------------------------------------------------------------------------------- */

/* Savings of all sets of interventions. */
typedef struct sets {
    const wp_run_data *data;
    int m, arm_of[N_SETS];     /* [set] arm, or -1 */
    size_t n_runs;
    double *values;            /* [set][draw][replicate] */
    double *batches;           /* [set][draw][replicate][WP_N_BATCHES] */
    double *sum, *batch_sum;   /* one combination */
} sets;

static const uint8_t *has(const wp_run_data *data, int arm)
{
    return data->money.arm_has + (size_t)arm * (size_t)data->n_interventions;
}

/* The set of the package's players that the arm has, or -1 where it has others too. */
static int set_of(const wp_run_data *data, int arm, const wp_package_row *rows, int m)
{
    int set = 0, n_found = 0, n_all = 0;
    for (int i = 0; i < data->n_interventions; i++) { n_all += has(data, arm)[i] != 0; }
    for (int k = 0; k < m; k++) {
        if (has(data, arm)[rows[k].intervention] == 0) { continue; }
        set |= 1 << k;
        n_found++;
    }
    return n_found == n_all ? set : -1;
}

static bool find_sets(const wp_run_data *data, int arm, wp_package *package, sets *s)
{
    for (int i = 0; i < data->n_interventions; i++) {
        if (has(data, arm)[i] == 0) { continue; }
        if (package->n == WP_MAX_PACKAGE) { return false; }
        package->rows[package->n++].intervention = i;
    }
    s->m = package->n;
    if (s->m < 2) { return false; }
    for (int set = 0; set < N_SETS; set++) { s->arm_of[set] = -1; }
    for (int a = data->n_arms - 1; a >= 0; a--) {
        int set = set_of(data, a, package->rows, s->m);
        if (set >= 0) { s->arm_of[set] = a; }
    }
    for (int set = 1; set < 1 << s->m; set++) {
        if (s->arm_of[set] < 0) { return false; }
    }
    return true;
}

static wp_status price_sets(const wp_pricing *pricing, const wp_money_select *select, sets *s, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n_sets = (size_t)1 << s->m, n = s->n_runs;
    s->values = wp_calloc_array(n_sets * n, sizeof *s->values);
    s->batches = wp_calloc_array(n_sets * n * WP_N_BATCHES, sizeof *s->batches);
    s->sum = wp_calloc_array(n, sizeof *s->sum);
    s->batch_sum = wp_calloc_array(n * WP_N_BATCHES, sizeof *s->batch_sum);
    WP_TRY_ALLOC(s->values);
    WP_TRY_ALLOC(s->batches);
    WP_TRY_ALLOC(s->sum);
    WP_TRY_ALLOC(s->batch_sum);
    for (size_t set = 1; set < n_sets; set++) {
        wp_pricing_savings(pricing, s->arm_of[set], select, s->values + set * n);
        wp_pricing_batch_savings(pricing, s->arm_of[set], select, s->batches + set * n * WP_N_BATCHES);
    }
out:
    return status;
}

/* Interval of the sum of weights[set] x the set's saving. */
static wp_status combine(const sets *s, const double *weights, wp_interval *interval, wp_error *err)
{
    size_t n = s->n_runs;
    for (size_t i = 0; i < n; i++) {
        s->sum[i] = 0.0;
        for (size_t set = 1; set < (size_t)1 << s->m; set++) {
            s->sum[i] += weights[set] * s->values[set * n + i];
        }
    }
    for (size_t i = 0; i < n * WP_N_BATCHES; i++) {
        s->batch_sum[i] = 0.0;
        for (size_t set = 1; set < (size_t)1 << s->m; set++) {
            s->batch_sum[i] += weights[set] * s->batches[set * n * WP_N_BATCHES + i];
        }
    }
    wp_batches batches = {WP_N_BATCHES, s->batch_sum, s->data->founders_by_batch};
    return wp_interval_estimate(s->sum, s->data->n_draws, s->data->n_replicates, &batches, interval, err);
}

static wp_status fill(const sets *s, wp_package *package, wp_error *err)
{
    wp_status status = WP_OK;
    unsigned all = (1u << s->m) - 1;
    double interaction[N_SETS] = {0}, together[N_SETS] = {0};
    together[all] = interaction[all] = 1.0;
    for (int i = 0; i < s->m; i++) {
        double alone[N_SETS] = {0}, last_in[N_SETS] = {0}, share[N_SETS] = {0};
        unsigned bit = 1u << i;
        interaction[bit] = -1.0;
        alone[bit] = 1.0;
        last_in[all] = 1.0;
        last_in[all & ~bit] = -1.0;
        for (unsigned set = 1; set <= all; set++) { share[set] = shapley_weight(set, i, s->m); }
        WP_TRY(combine(s, alone, &package->rows[i].alone, err));
        WP_TRY(combine(s, last_in, &package->rows[i].last_in, err));
        WP_TRY(combine(s, share, &package->rows[i].share, err));
    }
    WP_TRY(combine(s, together, &package->together, err));
    WP_TRY(combine(s, interaction, &package->interaction, err));
out:
    return status;
}

wp_status wp_package_of(const wp_pricing *pricing, int arm, const wp_money_select *select,
                        wp_package *package, bool *is_complete, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_run_data *data = pricing->data;
    wp_package found = {.arm = arm};
    sets s = {.data = data, .n_runs = (size_t)data->n_draws * (size_t)data->n_replicates};
    *is_complete = find_sets(data, arm, &found, &s);
    if (!*is_complete) { goto out; }
    WP_TRY(price_sets(pricing, select, &s, err));
    WP_TRY(fill(&s, &found, err));
    *package = found;
out:
    free(s.values);
    free(s.batches);
    free(s.sum);
    free(s.batch_sum);
    return status;
}
