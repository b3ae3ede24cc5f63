/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effects, occasions, factors, processes and interventions as English sentences. */
#ifndef WP_MODEL_SENTENCES_H
#define WP_MODEL_SENTENCES_H

#include "model/words.h"

/* All append to `text` and fail with WP_ERR_MEMORY only. */

/* "set health to sick; a birth". Empty for no effects. */
wp_status wp_sentences_effects(const wp_scenario *s, const wp_effects *effects, wp_text *text,
                               wp_error *err);

/* "every 1 year", "at age 5 years", "at each incident.police". */
wp_status wp_sentences_occasion(const wp_scenario *s, const wp_occasion *at, wp_text *text,
                                wp_error *err);

/* One process: what, to whom, when, how fast, with which factors and answers, and what then. */
wp_status wp_sentences_process(const wp_scenario *s, const wp_process *process, wp_text *text,
                               wp_error *err);

/* One of the scenario's interventions: who, when, in an arm or in none, how many, how long, what changes. */
wp_status wp_sentences_intervention(const wp_scenario *s, const wp_intervention *intervention,
                                    wp_text *text, wp_error *err);

/* One outcome: what is counted. */
wp_status wp_sentences_outcome(const wp_scenario *s, const wp_outcome *outcome, wp_text *text,
                               wp_error *err);

/* "a person", "a household", "a couple", "the place". */
const char *wp_sentences_subject(wp_subject_kind of);

#endif
