/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a validation gathers: targets beside the model, runs, and the table of published figures. */
#ifndef WP_VALIDATE_VALIDATION_H
#define WP_VALIDATE_VALIDATION_H

#include <stdio.h>

#include <wholeplace/validate.h>

#include "base/arena.h"
#include "scenario/checked.h"
#include "uncertainty/comparison.h"

/* What a claim would need. */
typedef struct wp_validation_need {
    bool is_asked, is_found;
    const char *parameter, *unit;
    double stated, value, from, to; /* in the parameter's own unit */
} wp_validation_need;

typedef struct wp_validation_row {
    const char *scenario, *target, *ids, *says, *figure, *unit, *source;
    bool is_claim;
    wp_comparison comparison;
    wp_validation_need need;
} wp_validation_row;

typedef struct wp_validation_run {
    const char *scenario, *title, *caution;
    bool is_result;
    double sample, seconds;
    int draws, replicates, n_targets;
} wp_validation_run;

typedef struct wp_validation_figure {
    const char *id, *place, *says, *value, *source, *not_modelled;
    wp_published_role role;
} wp_validation_figure;

/* Rows, figures and runs in the order in which they were added; texts are the arena's. */
struct wp_validation {
    wp_arena arena;
    size_t n_rows, n_runs, n_figures, row_room, run_room, figure_room;
    wp_validation_row *rows;
    wp_validation_run *runs;
    wp_validation_figure *figures;
};

/* Indices of rows, or of figures, in order of id, numbers in ids by size; free() it. NULL without memory. */
size_t *wp_validation_rows_by_id(const wp_validation *validation);
size_t *wp_validation_figures_by_id(const wp_validation *validation);

/* Is it a fact or claim that no target holds? */
bool wp_validation_is_left_out(const wp_validation *validation, const wp_validation_figure *figure);

/* What was published, in words: the row's own, or those of the table; "" where neither says it. */
const char *wp_validation_says(const wp_validation *validation, const wp_validation_row *row);

/* The verdict with how far off it is, and what the claim needs, in words. Into text[WP_VERDICT_TEXT]. */
enum { WP_VERDICT_TEXT = 400 };
void wp_validation_verdict(const wp_validation_row *row, char text[WP_VERDICT_TEXT]);

/* The three ways to print. */
wp_status wp_validation_print_table(const wp_validation *validation, FILE *out, wp_error *err);
wp_status wp_validation_print_json(const wp_validation *validation, FILE *out, wp_error *err);
wp_status wp_validation_print_csv(const wp_validation *validation, FILE *out, wp_error *err);

#endif
