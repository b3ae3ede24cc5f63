/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alignments as text and as JSON. */
#include <math.h>

#include <wholeplace/align.h>

#include "base/json.h"

static void print_number(FILE *out, double value)
{
    if (isnan(value)) { fprintf(out, " %12s", "not known"); } else { fprintf(out, " %12.0f", value); }
}

void wp_alignments_print(const wp_alignments *found, FILE *out)
{
    for (int a = 0; a < found->n; a++) {
        const wp_aligned_parameter *x = &found->parameters[a];
        fprintf(out, "%s, to bring %s to its totals\n", x->parameter, x->outcome);
        fprintf(out, "  %4s %12s %12s %12s %8s\n", "year", "wanted", "unaligned", "aligned", "ratio");
        for (int y = 0; y < x->n_years; y++) {
            fprintf(out, "  %4d", x->years[y].year);
            print_number(out, x->years[y].wanted);
            print_number(out, x->years[y].before);
            print_number(out, x->years[y].after);
            fprintf(out, " %8.4f\n", x->years[y].ratio);
        }
    }
    fprintf(out, "%d simulations of the baseline\n", found->rounds);
}

static void years_json(wp_json *json, const wp_aligned_parameter *x)
{
    wp_json_begin(json, "years", '[');
    for (int y = 0; y < x->n_years; y++) {
        wp_json_begin(json, NULL, '{');
        wp_json_whole(json, "year", x->years[y].year);
        wp_json_number(json, "wanted", x->years[y].wanted);
        wp_json_number(json, "unaligned", x->years[y].before);
        wp_json_number(json, "aligned", x->years[y].after);
        wp_json_number(json, "ratio", x->years[y].ratio);
        wp_json_end(json, '}');
    }
    wp_json_end(json, ']');
}

void wp_alignments_print_json(const wp_alignments *found, FILE *out)
{
    wp_json json = {.out = out};
    wp_json_begin(&json, NULL, '{');
    wp_json_whole(&json, "rounds", found->rounds);
    wp_json_flag(&json, "met", found->is_met);
    wp_json_begin(&json, "parameters", '[');
    for (int a = 0; a < found->n; a++) {
        wp_json_begin(&json, NULL, '{');
        wp_json_text(&json, "parameter", found->parameters[a].parameter);
        wp_json_text(&json, "outcome", found->parameters[a].outcome);
        years_json(&json, &found->parameters[a]);
        wp_json_end(&json, '}');
    }
    wp_json_end(&json, ']');
    wp_json_end(&json, '}');
    fputc('\n', out);
}
