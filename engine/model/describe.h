/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A compiled model in words, for developers. */
#ifndef WP_MODEL_DESCRIBE_H
#define WP_MODEL_DESCRIBE_H

#include <stdio.h>

#include "model/model.h"

/* Writes features with their classes and slots, and every process, intervention and outcome with
   the axes and sizes of its tables. WP_ERR_FILE when writing fails. */
wp_status wp_model_describe(const wp_model *model, FILE *out, wp_error *err);

#endif
