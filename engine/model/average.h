/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keep_average_by: dividing a factor by its mean among the founders, so that published averages
   stay true. The caller sums the factor over all founders; this file knows where, and what to do
   with it. */
#ifndef WP_MODEL_AVERAGE_H
#define WP_MODEL_AVERAGE_H

#include "model/model.h"

/* In which cell of average `average` does a founder with the feature bytes x[feature * stride] (of
   the average's kind of subject: wp_average_kind) fall? 0 to averages[average].n - 1. */
static inline uint32_t wp_average_index(const wp_model *model, int average, const uint8_t *x,
                                        size_t stride)
{
    const wp_average *a = &model->averages[average];
    return wp_axes_index(a->n_axes, a->axes, x, stride);
}

/* Whose features it reads. */
wp_subject_kind wp_average_kind(const wp_model *model, int average);

/* The factor's value for a founder, to be summed: a product of its tables, exact to 24 bits, so
   that sums of up to 2^29 founders do not depend on their order if they are kept as integers of
   2^-24. */
double wp_average_factor(const wp_model *model, int average, const uint8_t *x, size_t stride);

/* Fills the table of `average` from sums and numbers of founders by cell, sum[averages[average].n],
   n the same: 1 / mean, rounded to 24 bits; 1 in cells without founders or with mean 0. Call
   wp_model_digest_compute (model/model_digest.h) after the last. */
void wp_average_set(wp_model *model, int average, const double *sum, const int64_t *n);

#endif
