/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which libraries a result was made with. */
#ifndef WP_RESULTS_LIBRARIES_H
#define WP_RESULTS_LIBRARIES_H

#include <stddef.h>

/* Writes names and versions, as "GSL 2.7.1, HDF5 1.10.8", into `text` of `n` bytes. */
void wp_libraries_text(char *text, size_t n);

#endif
