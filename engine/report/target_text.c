/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result beside published figures, as plain text. */
#include "base/fail.h"
#include "report/comparison_text.h"
#include "report/summary_print.h"
#include "report/words.h"

enum { FIGURE_CHARS = 400 };

/* The figure's description with names as words. */
static const char *figure_words(const char *figure, char text[FIGURE_CHARS])
{
    size_t n = 0;
    for (; figure[n] != '\0' && n + 1 < FIGURE_CHARS; n++) { text[n] = figure[n] == '_' ? ' ' : figure[n]; }
    text[n] = '\0';
    return text;
}

static wp_status print_target(FILE *out, const wp_run_data *data, int t, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_money_data *money = &data->money;
    char title[WP_TITLE_CHARS], figure[FIGURE_CHARS];
    wp_comparison comparison;
    wp_comparison_text text;
    WP_TRY(wp_comparison_of(data, t, &comparison, err));
    wp_comparison_write(&comparison, money->target_units[t], &text);
    const char *unit = money->target_units[t], *space = unit[0] == '\0' ? "" : " ";
    fprintf(out, "  %s: %s\n    simulated %s%s%s, published %s%s%s", wp_title_text(money->targets[t], title),
            figure_words(money->target_figures[t], figure), text.model, space, unit, text.published, space, unit);
    if (money->target_ids[t][0] != '\0') { fprintf(out, " (%s)", money->target_ids[t]); }
    fprintf(out, ": %s\n",
            comparison.verdict == WP_VERDICT_UNKNOWN ? wp_verdict_words(comparison.verdict) : text.distance);
out:
    return status;
}

wp_status wp_print_targets(FILE *out, const wp_run_data *data, wp_error *err)
{
    wp_status status = WP_OK;
    for (int claim = 0; claim < 2; claim++) {
        bool is_headed = false;
        for (int t = 0; t < data->money.n_targets; t++) {
            if ((data->money.target_is_claim[t] != 0) != (claim == 1)) { continue; }
            if (!is_headed) {
                fputs(claim == 0 ? "\nThe baseline beside published facts\n"
                                 : "\nBeside published claims (nothing was fitted to them)\n",
                      out);
            }
            is_headed = true;
            WP_TRY(print_target(out, data, t, err));
        }
    }
out:
    return status;
}
