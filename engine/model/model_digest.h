/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The digest of a compiled model. */
#ifndef WP_MODEL_MODEL_DIGEST_H
#define WP_MODEL_MODEL_DIGEST_H

#include "base/digest.h"
#include "model/model.h"

/* Writes model->digest: SHA-256 over parameters, features, tables, delays, entries, shapes and
   cells, each number little endian. The same on every machine. Call again after wp_average_set. */
void wp_model_digest_compute(wp_model *model);

/* The same without the parameters themselves: what decides lives and counts, and nothing else. Models of one
   scenario in which it is the same have the same lives, whatever their prices. */
void wp_model_digest_lives(const wp_model *model, uint8_t digest[WP_SHA256_BYTES]);

#endif
