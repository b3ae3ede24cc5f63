/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A figure of the model beside the published one: how far apart, and what that is called. */
#ifndef WP_UNCERTAINTY_COMPARISON_H
#define WP_UNCERTAINTY_COMPARISON_H

#include "results/run_data.h"
#include "uncertainty/interval.h"

typedef enum wp_verdict {
    WP_VERDICT_UNKNOWN,      /* the run cannot say */
    WP_VERDICT_REPRODUCED,   /* a fact: inside its own range, or within its tolerance */
    WP_VERDICT_NOT_APART,    /* a fact that is missed, by no more than the interval is wide */
    WP_VERDICT_MISSED,       /* a fact outside the interval */
    WP_VERDICT_INSIDE,       /* a claim inside the interval */
    WP_VERDICT_MORE_CLAIMED, /* a claim beyond the interval: more than the model finds */
    WP_VERDICT_LESS_CLAIMED  /* a claim short of the interval: the model finds more */
} wp_verdict;

typedef struct wp_comparison {
    wp_interval interval; /* mean NAN where the run cannot say */
    double low, high;     /* 95 % interval as printed: of the figure, or of its noise where that is all
                             there is; NAN where nothing is known */
    double published_low, published_high; /* equal for one value; infinite where open */
    double nearest;                       /* of the published range: to the mean */
    double ratio; /* mean over the published value, the middle of its range, or its one end */
    double z;     /* mean less `nearest` in standard deviations of the interval: 0 inside the
                     published range; NAN where the interval is not known, or has no width */
    wp_verdict verdict;
} wp_comparison;

/* Compares target `target` of a run. A fact is reproduced inside its own range, or within target_within of
   it; a claim is judged by the interval alone, and "more" is further from 0. WP_ERR_MEMORY. */
wp_status wp_comparison_of(const wp_run_data *data, int target, wp_comparison *comparison, wp_error *err);

/* The verdict in a word or two: "reproduced"; static. */
const char *wp_verdict_words(wp_verdict verdict);

#endif
