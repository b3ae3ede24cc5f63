/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons with published figures, as text: rounded to what is known of them. */
#ifndef WP_REPORT_COMPARISON_TEXT_H
#define WP_REPORT_COMPARISON_TEXT_H

#include "report/summary_print.h"
#include "uncertainty/comparison.h"

/* Numbers of a comparison in its unit, "%" in hundredths; without the unit. */
typedef struct wp_comparison_text {
    char published[WP_RANGE_CHARS]; /* "750,000", "800 to 1,200", "100 or more": as it was published */
    char model[WP_NUMBER_CHARS]; /* to what its interval supports, and to one figure more than was published;
                                     one digit more where that is 0 */
    char interval[WP_RANGE_CHARS];                   /* "740,000 to 800,000", "not known" */
    char ratio[WP_NUMBER_CHARS], z[WP_NUMBER_CHARS]; /* "" where not known */
    char distance[WP_RANGE_CHARS]; /* "as published", "inside", "8 % above": from the nearest end of what was
                                       published; shares in percentage points; "" where the run cannot say */
} wp_comparison_text;

void wp_comparison_write(const wp_comparison *comparison, const char *unit, wp_comparison_text *text);

#endif
