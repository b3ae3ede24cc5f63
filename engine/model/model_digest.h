/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The digest of a compiled model: what decides lives, and nothing else. */
#ifndef WP_MODEL_MODEL_DIGEST_H
#define WP_MODEL_MODEL_DIGEST_H

#include "model/model.h"

/* Writes model->digest: SHA-256 over parameters, features, tables, delays, entries, shapes and
   cells, each number little endian. The same on every machine. Call again after wp_average_set. */
void wp_model_digest_compute(wp_model *model);

#endif
