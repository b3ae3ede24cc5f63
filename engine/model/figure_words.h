/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a figure is, in words. */
#ifndef WP_MODEL_FIGURE_WORDS_H
#define WP_MODEL_FIGURE_WORDS_H

#include "base/text.h"
#include "scenario/checked.h"

/* "incidents, total per year, years 1 to 3". Appended to `text`. WP_ERR_MEMORY. */
wp_status wp_figure_describe(const wp_scenario *scenario, const wp_figure *figure, wp_text *text,
                             wp_error *err);

#endif
