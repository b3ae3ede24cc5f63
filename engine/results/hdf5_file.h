/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HDF5 in the few shapes that a result needs: attributes, dimensions and variables as netCDF-4 lays them
   out, in a file that is kept in memory. */
#ifndef WP_RESULTS_HDF5_FILE_H
#define WP_RESULTS_HDF5_FILE_H

#include <hdf5.h>
#include <stddef.h>

#include "base/arena.h"
#include "results/columns.h"

enum { WP_H5_MAX_DIMS = 8 };

/* An open file. `status` is sticky: after a failure every call returns at once, and `err` (may be NULL)
   has the first failure's sentence. */
typedef struct wp_h5 {
    hid_t file;
    bool is_open;
    void *image;               /* of a created file, once HDF5 has closed it */
    int n_dims;                /* dimension scales made so far: netCDF's dimension ids */
    wp_status status;
    wp_error *err;
} wp_h5;

/* A dimension scale; `id` is netCDF's number of it. */
typedef struct wp_h5_dim {
    hid_t dataset;
    int id;
    hsize_t n;
} wp_h5_dim;

/* What a variable is called and how it is described. */
typedef struct wp_h5_variable {
    const char *name, *long_name, *units; /* texts may be NULL */
    wp_type type;
    double scale;              /* 0: none */
    int n_dims;
    const wp_h5_dim *const *dims;
} wp_h5_variable;

/* Makes an empty file in memory; wp_h5_close in any case. HDF5's own messages are silenced. */
void wp_h5_create(wp_h5 *h5, wp_error *err);
/* Opens `n` bytes of a file (copied). */
void wp_h5_open(wp_h5 *h5, const void *bytes, size_t n, wp_error *err);
void wp_h5_close(wp_h5 *h5);
/* How many of a file's `n` bytes are HDF5's own; 0 where its superblock (versions 2 and 3) does not say. */
size_t wp_h5_size(const void *bytes, size_t n);

/* Closes a created file and gives its `*n` bytes, for free(). All its objects must have been closed. */
void wp_h5_image(wp_h5 *h5, void **bytes, size_t *n);

/* Writing. `at` is the file, a group or a dataset. */
void wp_h5_attribute_text(wp_h5 *h5, hid_t at, const char *name, const char *text);
void wp_h5_attribute_number(wp_h5 *h5, hid_t at, const char *name, wp_type type, const void *value);
hid_t wp_h5_group_create(wp_h5 *h5, const char *name);
void wp_h5_group_close(wp_h5 *h5, hid_t group);
/* A dimension in the root: labels are int (I32) or char * (TEXT). */
void wp_h5_dim_create(wp_h5 *h5, wp_h5_dim *dim, const char *name, const char *long_name, wp_type type,
                      size_t n, const void *labels);
void wp_h5_dim_close(wp_h5 *h5, wp_h5_dim *dim);
void wp_h5_variable_create(wp_h5 *h5, hid_t at, const wp_h5_variable *variable, const void *values);

/* Reading. Is there anything under `path`? */
bool wp_h5_has(wp_h5 *h5, const char *path);
/* The length of a one-dimensional variable; 0 and no failure where it is absent. */
size_t wp_h5_length(wp_h5 *h5, const char *path);
/* Reads the variable at `path`, which must have `n` items and a type of the same class, into `values`
   (for TEXT: n pointers, each copied into `arena`). */
void wp_h5_read(wp_h5 *h5, const char *path, wp_type type, size_t n, void *values, wp_arena *arena);
/* The attribute of the root; TEXT: a pointer copied into `arena`. */
void wp_h5_read_attribute(wp_h5 *h5, const char *name, wp_type type, void *value, wp_arena *arena);

#endif
