/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solutions as text and as JSON. */
#include <math.h>

#include <wholeplace/solve.h>

#include "base/json.h"
#include "report/rounding.h"
#include "report/words.h"

/* Four significant figures: more than the interval supports. */
static const char *four_figures(double value, char text[WP_NUMBER_CHARS])
{
    const double step = value == 0.0 || !isfinite(value) ? 1.0 : pow(10.0, floor(log10(fabs(value))) - 3.0);
    wp_number_text(value, step, text);
    return text;
}

static const char *saving_words(double saving, char text[WP_WORDS_CHARS])
{
    return wp_saving_words(saving, saving == 0.0 ? 1.0 : wp_round_step(NAN, saving, 0.01) / 100.0, text);
}

static void print_end(FILE *out, double value, const char *unknown)
{
    char text[WP_NUMBER_CHARS];
    fputs(isnan(value) ? unknown : four_figures(value, text), out);
}

void wp_solution_print(const wp_solution *solution, const char *name, const wp_solve_target *target,
                       FILE *out)
{
    char text[WP_NUMBER_CHARS], words[3][WP_WORDS_CHARS];
    const bool by_runs = solution->n_runs > 0;
    if (!solution->is_found) {
        fprintf(out,
                "%s: nowhere in the range that was searched; the mean is %s at one end, %s at the other, and "
                "what is "
                "wanted is %s\n",
                name, saving_words(solution->saving_at_from, words[0]),
                saving_words(solution->saving_at_to, words[1]), saving_words(target->saving, words[2]));
        return;
    }
    fprintf(out, "%s: at %s %s the mean net saving, discounted, is %s\n", name,
            four_figures(solution->value, text), solution->unit,
            target->saving == 0.0 ? "0: it breaks even" : saving_words(target->saving, words[0]));
    fputs("  95 % interval: ", out);
    print_end(out, solution->low, by_runs ? "below what was searched" : "0 or less");
    fputs(" to ", out);
    print_end(out, solution->high, "above what was searched");
    fputs(" (between these the saving's own interval holds that)\n", out);
    if (by_runs) { fprintf(out, "  %d runs of the same lives\n", solution->n_runs); }
}

void wp_solution_print_json(const wp_solution *solution, FILE *out)
{
    wp_json json = {.out = out};
    wp_json_begin(&json, NULL, '{');
    wp_json_flag(&json, "found", solution->is_found);
    wp_json_text(&json, "unit", solution->unit);
    wp_json_whole(&json, "runs", solution->n_runs);
    wp_json_number(&json, "value", solution->value);
    wp_json_number(&json, "low", solution->low);
    wp_json_number(&json, "high", solution->high);
    wp_json_number(&json, "saving_at_from", solution->saving_at_from);
    wp_json_number(&json, "saving_at_to", solution->saving_at_to);
    wp_json_end(&json, '}');
    fputc('\n', out);
}
