/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result files: what a run wrote, and whether two runs are the same.

   A result is one HDF5 file laid out as netCDF-4 lays it out; xarray, netCDF4-python, h5py, R (ncdf4, hdf5r) and
   ncdump open it by name. engine/results/README.md says what is where. */
#ifndef WHOLEPLACE_RESULT_H
#define WHOLEPLACE_RESULT_H

#include <stdio.h>

#include <wholeplace/error.h>
#include <wholeplace/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { WP_DIGEST_CHARS = 65, WP_LIFE_DIGEST_CHARS = 33 };

/* Reads the result at `path` and writes two lines of hexadecimal digits, each with an end mark: SHA-256 of all
   that is compared between runs (scenario's names, counts, parameter values, digests of model and population,
   seed, traces; not times, machine, threads, compiler, compression, prices), and the life digest (sum mod
   2^128 over lineages, arms, draws and replicates). Either may be NULL.
   WP_ERR_FILE when it cannot be read; WP_ERR_RESULT when it is no result or is damaged. Thread-safe when
   HDF5 was built so; else from one thread at a time. */
wp_status wp_result_digest(const char *path, char digest[WP_DIGEST_CHARS],
                           char life_digest[WP_LIFE_DIGEST_CHARS], wp_error *err);

/* How large a run of `scenario` will be: cells of its counts, and bytes of all counts before compression. */
typedef struct wp_result_size {
    int n_arms, n_draws, n_replicates, n_years, n_cells;
    double bytes;
} wp_result_size;

wp_status wp_result_size_of(const wp_scenario *scenario, wp_result_size *size, wp_error *err);

/* Prints what `scenario` gives no source for: parameters, unit values and the population, with their grade, one
   a line, and how many. Prints a sentence when all have one. */
wp_status wp_sources_print(const wp_scenario *scenario, FILE *out, wp_error *err);

#ifdef __cplusplus
}
#endif
#endif
