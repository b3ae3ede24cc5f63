/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names as titles. */
#ifndef WP_BASE_TITLE_H
#define WP_BASE_TITLE_H

enum { WP_TITLE_CHARS = 192 };

/* The name of a scenario's thing as a title: "integrated_care.set_up" as "Integrated care: set up". Cut
   where it does not fit, between characters. Gives `text`. */
const char *wp_title_text(const char *name, char text[WP_TITLE_CHARS]);

#endif
