/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roots of a saving and of the ends of its interval. */
#include "solve/root.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>

#include "base/fail.h"

enum { MAX_POINTS = 160, MAX_STEPS = 50 };

/* Mean and ends of the interval. */
typedef enum part { PART_MEAN, PART_LOW, PART_HIGH, N_PARTS } part;

typedef struct search {
    wp_saving_at *saving_at;
    void *of;
    double wanted;
    part part;
    int n;                     /* values in hand, in the order in which they were asked for */
    double x[MAX_POINTS], y[MAX_POINTS][N_PARTS];
    wp_status status;          /* the first failure: GSL's functions cannot give one */
    wp_error *err;
} search;

static void take(search *s, double x, const wp_interval *saving)
{
    double *y = s->y[s->n], low, high;
    (void)wp_interval_ends(saving, &low, &high);
    s->x[s->n++] = x;
    y[PART_MEAN] = saving->mean - s->wanted;
    y[PART_LOW] = low - s->wanted;
    y[PART_HIGH] = high - s->wanted;
}

static double value_at(double x, void *of)
{
    search *s = of;
    wp_interval saving;
    for (int i = 0; i < s->n; i++) {
        if (s->x[i] == x) { return s->y[i][s->part]; }
    }
    if (s->status != WP_OK || s->n == MAX_POINTS) { return NAN; }
    s->status = s->saving_at(s->of, x, &saving, s->err);
    if (s->status != WP_OK) { return NAN; }
    take(s, x, &saving);
    return s->y[s->n - 1][s->part];
}

/* The narrowest pair of values in hand between which the part changes sign, the last in order of x; false:
   none. */
static bool bracket(const search *s, part p, double *low, double *high)
{
    bool found = false;
    for (int i = 0; i < s->n; i++) {
        for (int k = 0; k < s->n; k++) {
            bool is_pair = s->x[i] < s->x[k] && s->y[i][p] * s->y[k][p] <= 0.0;
            if (!is_pair || (found && s->x[k] - s->x[i] >= *high - *low)) { continue; }
            *low = s->x[i];
            *high = s->x[k];
            found = true;
        }
    }
    return found;
}

static wp_status find(search *s, part p, double width, double *root, wp_error *err)
{
    wp_status status = WP_OK;
    double low = NAN, high = NAN;
    gsl_function function = {.function = value_at, .params = s};
    gsl_root_fsolver *solver = NULL;
    s->part = p;
    *root = NAN;
    if (!bracket(s, p, &low, &high)) { goto out; }
    solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    WP_TRY_ALLOC(solver);
    int result = gsl_root_fsolver_set(solver, &function, low, high);
    *root = gsl_root_fsolver_root(solver);
    for (int i = 0; i < MAX_STEPS && result == GSL_SUCCESS; i++) {
        if (gsl_root_fsolver_x_upper(solver) - gsl_root_fsolver_x_lower(solver) <= width) { break; }
        result = gsl_root_fsolver_iterate(solver);
        *root = gsl_root_fsolver_root(solver);
        if (value_at(*root, s) == 0.0) { break; }
    }
    WP_TRY(s->status);
    if (result != GSL_SUCCESS) {
        status = wp_fail(err, WP_ERR_NUMERIC, "no value can be found: %s", gsl_strerror(result));
    }
out:
    if (solver != NULL) { gsl_root_fsolver_free(solver); }
    return status;
}

wp_status wp_solve_root(wp_saving_at *saving_at, void *of, double from, double to, double wanted,
                        double tolerance, wp_solution *solution, wp_error *err)
{
    wp_status status = WP_OK;
    search s = {.saving_at = saving_at, .of = of, .wanted = wanted, .err = err};
    double width = fabs(to - from) * tolerance, ends[2] = {NAN, NAN};
    gsl_set_error_handler_off();
    solution->saving_at_from = value_at(from, &s) + wanted;
    solution->saving_at_to = value_at(to, &s) + wanted;
    WP_TRY(s.status);
    WP_TRY(find(&s, PART_MEAN, width, &solution->value, err));
    solution->is_found = !isnan(solution->value);
    WP_TRY(find(&s, PART_LOW, width, &ends[0], err));
    WP_TRY(find(&s, PART_HIGH, width, &ends[1], err));
    /* Where the saving falls with x, the interval's upper end is the last to go below what is wanted. */
    bool rises = (solution->saving_at_to > solution->saving_at_from) == (to > from);
    solution->low = rises ? ends[1] : ends[0];
    solution->high = rises ? ends[0] : ends[1];
out:
    return status;
}
