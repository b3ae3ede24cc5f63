/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a result: one table that says where each array lies in memory and in the file, which the
   writer, the reader and the checksums all follow. */
#ifndef WP_RESULTS_COLUMNS_H
#define WP_RESULTS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/run_data.h"

typedef enum wp_dimension {
    WP_DIM_ARM,
    WP_DIM_DRAW,
    WP_DIM_REPLICATE,
    WP_DIM_YEAR,
    WP_DIM_BATCH,
    WP_DIM_OUTCOME,
    WP_DIM_CELL,
    WP_DIM_INTERVENTION,
    WP_DIM_PARAMETER,
    WP_DIM_VALUATION,
    WP_DIM_PAYER,
    WP_DIM_UNIT_VALUE,
    WP_DIM_TARGET,
    WP_DIM_EVENT,
    WP_DIM_TRACE,
    WP_DIM_WORD,
    WP_DIM_BYTE,
    WP_DIM_HISTOGRAM,
    WP_DIM_BIN,
    WP_DIM_SPEND_BIN,
    WP_DIM_SIDE,
    WP_DIM_SIDE_UNIT,
    WP_N_DIMS
} wp_dimension;

typedef enum wp_label_kind { WP_LABEL_NUMBER, WP_LABEL_INT, WP_LABEL_TEXT } wp_label_kind;

/* A dimension: its length (an int or int64 of wp_run_data at `count`, or `fixed`) and labels. */
typedef struct wp_dimension_spec {
    const char *name, *long_name;
    size_t count;
    bool count_is_int64;
    int fixed;                 /* > 0: this length, and `count` unused */
    wp_label_kind label;       /* NUMBER: 0, 1, 2 … */
    size_t labels;             /* offset of int * or char ** */
} wp_dimension_spec;

typedef enum wp_type {
    WP_TYPE_I64,
    WP_TYPE_U64,
    WP_TYPE_F64,
    WP_TYPE_I32,
    WP_TYPE_U8,
    WP_TYPE_I8,
    WP_TYPE_TEXT
} wp_type;

enum { WP_MAX_COLUMN_DIMS = 6 };

/* An array of wp_run_data (a pointer at `offset`) and its place in the file. */
typedef struct wp_column {
    const char *group, *name;  /* group "" is the root */
    wp_type type;
    int n_dims;
    wp_dimension dims[WP_MAX_COLUMN_DIMS];
    size_t offset;
    const char *long_name, *units; /* units NULL: none */
    double scale;              /* integer x scale = value in `units`; 0: no scaling */
    bool in_digest;            /* covered by the digest; else by the checksum of the rest */
} wp_column;

/* One value of wp_run_data, kept as an attribute of the file; texts may be long (`is_text_variable`). */
typedef struct wp_scalar {
    const char *name;
    wp_type type;
    size_t offset;
    bool in_digest;
    bool is_text_variable;     /* a string variable in group "provenance" instead */
} wp_scalar;

extern const wp_dimension_spec wp_dimensions[WP_N_DIMS];
extern const wp_column wp_columns[];
extern const size_t wp_n_columns;
extern const wp_scalar wp_scalars[];
extern const size_t wp_n_scalars;

/* Length of a dimension of `data`. */
size_t wp_dimension_length(const wp_run_data *data, wp_dimension dimension);

/* Those of histograms and of programmes' batches: empty, they are as if they were not there, not even in the
   digest. */
bool wp_dimension_is_optional(wp_dimension dimension);
bool wp_column_is_optional(const wp_column *column);

/* Number of items of a column, and the address of its array; bytes of an item (a pointer for texts). */
size_t wp_column_length(const wp_run_data *data, const wp_column *column);
void *wp_column_array(const wp_run_data *data, const wp_column *column);
size_t wp_type_bytes(wp_type type);

/* Number of items of `cells`, of `batches` and of `histograms`. */
size_t wp_cells_length(const wp_run_data *data);
size_t wp_batches_length(const wp_run_data *data);
size_t wp_histograms_length(const wp_run_data *data);

#endif
