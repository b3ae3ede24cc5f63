/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unknown names. */
#include "base/unknown_name.h"

#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "base/text.h"

enum { LIST_CHARS = 300, LONGEST_NAME = 100 };

wp_status wp_fail_unknown(wp_error *err, const char *what, const char *name, const char *const *names,
                          size_t n)
{
    char list[LIST_CHARS] = "none", near[LONGEST_NAME + 24] = "";
    const size_t nearest = wp_text_nearest(name, names, n);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t length = strlen(names[i]);
        if (at + length + 8 > sizeof list) {
            at += (size_t)snprintf(list + at, sizeof list - at, ", …");
            break;
        }
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    if (nearest < n) { snprintf(near, sizeof near, "did you mean '%.100s'? ", names[nearest]); }
    return wp_fail(err, WP_ERR_ARGUMENT, "there is no %s '%.100s'; %s%s: %s", what, name, near,
                   nearest < n ? "There are" : "there are", list);
}
