/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of what columns a kind of subject has: it drives growing, blanking, copying, squeezing and
   freeing. */
#ifndef WP_SIMULATE_COLUMNS_H
#define WP_SIMULATE_COLUMNS_H

#include "simulate/block.h"

/* Columns of one sort. */
typedef struct wp_column {
    void **data;
    size_t item_bytes;
    size_t n;      /* columns of this sort */
    wp_tick blank; /* of ticks: what a column holds for nobody */
    bool passing;  /* of the present epoch alone: not kept while the block rests; */
    bool swapped;  /*   and becomes, at its end, one that is kept */
} wp_column;

/* The columns of a kind of subject: table[WP_N_COLUMNS], pointing into `columns`. */
void wp_columns_table(wp_columns *columns, const wp_plan *plan, wp_subject_kind kind, wp_column *table);

/* Blanks subjects [from, to) of every column. */
void wp_columns_blank(wp_columns *columns, const wp_plan *plan, wp_subject_kind kind, uint32_t from,
                      uint32_t to);

#endif
