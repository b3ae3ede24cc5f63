/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibrate/shifts.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fail.h"

/* A total moves by between a tenth of its ratio (nearly everybody already) and three times it (each event leads to
   others); what seems outside is noise. */
static const double least_slope = 0.1, most_slope = 3.0;
/* A ratio moves by at most e in one round. */
static const double longest_step = 1.0;

typedef struct moves {
    double *log_total;         /* at the last round */
    double *last_shift;
    double *slope;             /* of the log total by the shift */
} moves;

static bool is_near(const wp_shifts *problem, int i, double total)
{
    const double wanted = problem->wanted[i];
    return isnan(wanted) || fabs(total - wanted) <= fmax(problem->tolerance * wanted, problem->grain);
}

static bool all_near(const wp_shifts *problem, const double *totals)
{
    for (int i = 0; i < problem->n; i++) {
        if (!is_near(problem, i, totals[i])) { return false; }
    }
    return true;
}

/* Learns the slope from the last move, and moves on. */
static void move(const wp_shifts *problem, moves *m, int i, double total, bool is_first, double *shift)
{
    if (isnan(problem->wanted[i])) { return; }
    const double now = total > 0.0 ? log(total) : -INFINITY;
    const double moved = *shift - m->last_shift[i];
    if (!is_first && moved != 0.0 && isfinite(now) && isfinite(m->log_total[i])) {
        const double slope = (now - m->log_total[i]) / moved;
        m->slope[i] = fmin(fmax(slope, least_slope), most_slope);
    }
    m->log_total[i] = now;
    m->last_shift[i] = *shift;
    const double step = isfinite(now) ? (log(problem->wanted[i]) - now) / m->slope[i] : longest_step;
    *shift += fmin(fmax(step, -longest_step), longest_step);
}

wp_status wp_shifts_solve(const wp_shifts *problem, wp_totals_at *totals_at, void *of, double *shifts, double *totals,
                          int *rounds, bool *is_met, wp_error *err)
{
    wp_status status = WP_OK;
    const size_t n = (size_t)problem->n;
    moves m = {wp_calloc_array(n, sizeof(double)), wp_calloc_array(n, sizeof(double)),
               wp_calloc_array(n, sizeof(double))};
    *is_met = false;
    WP_TRY_ALLOC(m.log_total);
    WP_TRY_ALLOC(m.last_shift);
    WP_TRY_ALLOC(m.slope);
    for (size_t i = 0; i < n; i++) {
        shifts[i] = 0.0;
        m.slope[i] = 1.0;
    }
    for (*rounds = 0; *rounds < problem->most_rounds; (*rounds)++) {
        for (int i = 0; i < problem->n && *rounds > 0; i++) {
            move(problem, &m, i, totals[i], *rounds == 1, &shifts[i]);
        }
        WP_TRY(totals_at(of, shifts, totals, err));
        *is_met = all_near(problem, totals);
        if (*is_met) {
            (*rounds)++;
            break;
        }
    }
out:
    free(m.log_total);
    free(m.last_shift);
    free(m.slope);
    return status;
}
