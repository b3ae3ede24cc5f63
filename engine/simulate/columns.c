/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What columns there are. */
#include "simulate/columns.h"

#include <string.h>

void wp_columns_table(wp_columns *columns, const wp_plan *plan, wp_subject_kind kind, wp_column *table)
{
    const wp_kind *model = &plan->model->kinds[kind];
    const size_t n_clocks = (size_t)model->n_clocks;
    const size_t n_delays = (size_t)model->n_delays;
    const wp_column made[WP_N_COLUMNS] = {
        {(void **)&columns->x, sizeof(uint8_t), (size_t)model->n_features, 0, false, false},
        {(void **)&columns->remaining, sizeof(double), n_clocks, 0, false, false},
        {(void **)&columns->occurrence, sizeof(uint16_t), (size_t)plan->kinds[kind].n_processes, 0, false,
         false},
        {(void **)&columns->timer, sizeof(wp_tick), (size_t)model->n_timers, WP_TICK_NEVER, false, false},
        {(void **)&columns->since, sizeof(wp_tick), (size_t)model->n_since, 0, false, false},
        {(void **)&columns->real, sizeof(float), (size_t)model->n_reals, 0, false, false},
        {(void **)&columns->recent, sizeof(wp_tick), (size_t)model->n_recents * WP_MAX_RECENT, INT64_MIN,
         false, false},
        {(void **)&columns->delay_factor, sizeof(double), n_delays, 0, false, false},
        {(void **)&columns->delay_draws, sizeof(uint16_t), n_delays, 0, false, false},
        {(void **)&columns->offers, sizeof(uint16_t), (size_t)plan->model->n_interventions, 0, false, false},
        {(void **)&columns->unwilling, sizeof(uint32_t), 1, 0, false, false},
        {(void **)&columns->counted, sizeof(uint16_t), (size_t)plan->kinds[kind].n_once, 0, false, false},
        {(void **)&columns->tally, sizeof(int64_t), (size_t)plan->kinds[kind].histograms.n, 0, false, false},
        {(void **)&columns->spent, sizeof(wp_int128), kind == WP_PERSON && plan->keeps_spend ? 1 : 0, 0,
         false, false},
        {(void **)&columns->worth, sizeof(wp_int128), kind == WP_PERSON ? (size_t)plan->n_personal : 0, 0,
         false, false},
        {(void **)&columns->enrolled, sizeof(uint8_t), kind == WP_PERSON && plan->n_personal > 0 ? 1 : 0, 0,
         false, false},
        {(void **)&columns->next_timer, sizeof(wp_tick), 1, WP_TICK_NEVER, false, false},
        {(void **)&columns->later, sizeof(double), n_clocks, 0, true, true},
        {(void **)&columns->rate, sizeof(double), n_clocks, 0, true, false},
        {(void **)&columns->older, sizeof(double), n_clocks, 0, true, false},
        {(void **)&columns->first, sizeof(double), 1, 0, true, false},
        {(void **)&columns->second, sizeof(double), 1, 0, true, false},
        {(void **)&columns->due, sizeof(uint64_t), WP_CLOCK_WORDS, 0, true, false},
        {(void **)&columns->awake, sizeof(uint8_t), 1, 0, true, false},
        {(void **)&columns->tallied, sizeof(uint64_t), WP_CLOCK_WORDS, 0, true, false},
    };
    memcpy(table, made, sizeof made);
}

void wp_columns_blank(wp_columns *columns, const wp_plan *plan, wp_subject_kind kind, uint32_t from,
                      uint32_t to)
{
    wp_column table[WP_N_COLUMNS];
    wp_columns_table(columns, plan, kind, table);
    for (int c = 0; c < WP_N_COLUMNS; c++) {
        for (size_t k = 0; k < table[c].n; k++) {
            char *data = (char *)*table[c].data + k * columns->capacity * table[c].item_bytes;
            if (table[c].blank == 0) {
                memset(data + from * table[c].item_bytes, 0, (to - from) * table[c].item_bytes);
                continue;
            }
            wp_tick *ticks = (wp_tick *)(void *)data;
            for (uint32_t i = from; i < to; i++) { ticks[i] = table[c].blank; }
        }
    }
}
