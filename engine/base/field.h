/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields: one text or number as CSV and JSON write it. */
#ifndef WP_BASE_FIELD_H
#define WP_BASE_FIELD_H

#include <stdio.h>

/* A field of CSV (RFC 4180), quoted where it must be. */
void wp_field_csv(FILE *out, const char *text);

/* A string of JSON in its quotation marks; NULL is an empty one. */
void wp_field_json(FILE *out, const char *text);

/* A number with all its digits; `nothing` ("null", "") where it is not finite. */
void wp_field_number(FILE *out, double value, const char *nothing);

#endif
