/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means of factors among founders. */
#include "model/average.h"

#include "chance/round24.h"

wp_subject_kind wp_average_kind(const wp_model *model, int average)
{
    return model->processes[model->averages[average].process].of;
}

double wp_average_factor(const wp_model *model, int average, const uint8_t *x, size_t stride)
{
    const wp_product *factor = &model->averages[average].factor;
    double value = 1.0;
    for (int t = 0; t < factor->n_tables; t++) {
        const wp_table *table = &factor->tables[t];
        value *= (double)table->values[wp_axes_index(table->n_axes, table->axes, x, stride)];
    }
    return value;
}

void wp_average_set(wp_model *model, int average, const double *sum, const int64_t *n)
{
    wp_table *target = model->averages[average].target;
    for (uint32_t i = 0; i < target->n; i++) {
        bool has_mean = n[i] > 0 && sum[i] > 0.0;
        target->values[i] = has_mean ? wp_round24((double)n[i] / sum[i]) : 1.0f;
    }
}
