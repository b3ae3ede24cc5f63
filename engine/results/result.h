/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result files: writing a run's data, reading it back with damage found, and digests. */
#ifndef WP_RESULTS_RESULT_H
#define WP_RESULTS_RESULT_H

#include <stdbool.h>

#include "base/digest.h"
#include "results/run_data.h"

/* Writes `data` to `path` under a temporary name in the same folder, and renames it when it is safely on
   the disk; on a failure nothing stays. WP_ERR_EXISTS when `path` exists and !force; WP_ERR_FILE when the
   disk is full or the folder cannot be written; WP_ERR_ARGUMENT when an array of `data` is missing.
   The file is HDF5 laid out as netCDF-4 does it; engine/results/README.md says what is where. */
wp_status wp_result_write(const char *path, const wp_run_data *data, bool force, wp_error *err);

/* Reads a result. `data` must be zeroed; free it with wp_result_free also after a failure.
   WP_ERR_FILE when it cannot be read; WP_ERR_RESULT when it is no result, or truncated, or when its
   content does not have the digests that were stored with it. */
wp_status wp_result_read(const char *path, wp_run_data *data, wp_error *err);

/* Frees what wp_result_read allocated; legal on zeroed data, and twice. */
void wp_result_free(wp_run_data *data);

/* SHA-256 of all that is compared between runs: names, integers, parameter values, digests of model
   and population, seed, traces. Neither times nor machine, threads, compiler, paths nor prices are in it. */
void wp_run_data_digest(const wp_run_data *data, char hex[WP_SHA256_HEX]);

/* SHA-256 of everything else that a file holds: prices, targets, provenance. */
void wp_run_data_checksum(const wp_run_data *data, char hex[WP_SHA256_HEX]);

/* The life digest: sum mod 2^128 of those of all arms, draws and replicates. */
void wp_run_data_life_digest(const wp_run_data *data, char hex[WP_U128_HEX]);

#endif
