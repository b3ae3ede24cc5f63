/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks: what conditions, tables and factors may look at, from words such as 'household.size',
   'time in work', 'incident in last 12 months'. */
#ifndef WP_SCENARIO_LOOK_H
#define WP_SCENARIO_LOOK_H

#include "scenario/names.h"
#include "scenario/number.h"

/* Reads `text`, which stands at `at`, as what a subject of kind `of` looks at. Plain names are the subject's
   own; partner.X, mother.X, household.X and (of a couple) couple.X are others'. Reports an unknown
   name, a name that belongs to another kind of subject (it says how to write it), a window over 24
   months; gives false then. Multipliers are read too: the caller refuses them where they have no sense. */
bool wp_look_parse(wp_reader *r, const wp_node *at, const char *text, wp_subject_kind of, wp_look *look);

/* The same from a scalar's own text. */
bool wp_look_read(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_look *look);

/* Can a subject of kind `of` look so? Reported at `at` otherwise. */
bool wp_look_fits(wp_reader *r, const wp_node *at, const wp_look *look, wp_subject_kind of);

/* How bands of this look are written ('year' is time since start in years of the run). `text` as in the
   file; only for looks that are no levels. */
wp_band_kind wp_look_band_kind(const wp_look *look, const char *text);

/* Levels of a look at levels: how many, the index of a word (-1 and reported when there is none), and
   the word of an index. WP_LOOK_OPTION has the levels of `option_variable`. */
int wp_look_n_levels(const wp_reader *r, const wp_look *look, int option_variable);
int wp_look_level(wp_reader *r, const wp_node *at, const wp_look *look, int option_variable,
                  const char *word);
const char *wp_look_level_name(const wp_reader *r, const wp_look *look, int option_variable, int level);

/* The look written out in its one canonical way, kept in the scenario. */
const char *wp_look_text(wp_reader *r, const wp_look *look);

/* Are the two looks the same? */
bool wp_look_equal(const wp_look *a, const wp_look *b);

#endif
