/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenario's own pieces in its own words: "household.number_of.children", "age 65-84". */
#ifndef WP_MODEL_WORDS_H
#define WP_MODEL_WORDS_H

#include "base/text.h"
#include "scenario/checked.h"

/* All append to `text` and fail with WP_ERR_MEMORY only. */

/* As the language writes it: "partner.health", "time in work", "incident in last 12 months". */
wp_status wp_words_look(const wp_scenario *s, const wp_look *look, wp_text *text, wp_error *err);

/* Level `level` of what is looked at: "seeking", "yes", "couple_and_children". */
wp_status wp_words_level(const wp_scenario *s, const wp_look *look, int level, wp_text *text,
                         wp_error *err);

/* A band of it: "65-84", "85+", "3-6 months", "6-9 %", "2013-01-01 to 2013-12-31". */
wp_status wp_words_band(const wp_scenario *s, const wp_look *look, const wp_band *band, wp_text *text,
                        wp_error *err);

/* A duration: "30 days", "3 months", "1.5 years", "for ever". */
wp_status wp_words_years(double years, wp_text *text, wp_error *err);

/* The day so many years after the run's start: "2015-04-01". */
wp_status wp_words_day(const wp_scenario *s, double years, wp_text *text, wp_error *err);

/* "age is 65+ and conditions is 2 or 3+"; "always" for NULL. */
wp_status wp_words_condition(const wp_scenario *s, const wp_condition *condition, wp_text *text,
                             wp_error *err);

/* "0.03", "onset", "a table by age and sex", "the rate of a probability p over 1 year". */
wp_status wp_words_quantity(const wp_scenario *s, const wp_quantity *quantity, wp_text *text,
                            wp_error *err);

/* "a time drawn from a gamma distribution with mean stay_mean years". */
wp_status wp_words_duration(const wp_scenario *s, const wp_duration *duration, wp_text *text,
                            wp_error *err);

#endif
