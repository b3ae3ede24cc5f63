/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a run has gone on for long enough. */
#include "scenario/read_stop.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/read_figure.h"

enum { MOST = 1000000 };

static void read_at_most(wp_reader *r, const wp_node *at, wp_stop_spec *stop)
{
    int whole = 0;
    char rest[16] = "";
    if (at->kind != WP_NODE_SCALAR || sscanf(at->text, "%d %15s", &whole, rest) < 2 || whole < 1 ||
        whole > MOST || (strcmp(rest, "draws") != 0 && strcmp(rest, "replicates") != 0)) {
        wp_report_error(r, at, "'at_most' must be a number of draws or replicates, such as '1000 draws'");
        return;
    }
    stop->at_most = whole;
    stop->by_replicates = strcmp(rest, "replicates") == 0;
    if (whole < WP_FEWEST_TO_STOP) {
        wp_report_error(r, at, "'at_most' is %d; fewer than %d say too little about a half-width", whole,
                        (int)WP_FEWEST_TO_STOP);
    }
    const int given = stop->by_replicates ? r->scenario->n_replicates : r->scenario->n_draws;
    if (given > whole) {
        wp_report_error(r, at, "'at_most' is %s, and the run begins with %d", at->text, given);
    }
    if (!stop->by_replicates && r->scenario->draw_design == WP_DESIGN_LATIN_HYPERCUBE) {
        wp_report_error(r, at, "a Latin hypercube is made for its number of draws, so none can be added");
        wp_report_hint(r, "write  design: independent,  or sobol");
    }
}

static bool read_half_width(wp_reader *r, const wp_node *at, wp_stop_spec *stop)
{
    wp_amount amount;
    bool is_amount =
        at->kind == WP_NODE_SCALAR && wp_amount_parse(at->text, &amount, NULL) == WP_AMOUNT_OK;
    if (is_amount) { wp_figure_check_unit(r, at, "'half_width'", &stop->figure, &amount); }
    if (!is_amount || !isfinite(amount.value) || !(amount.value > 0.0)) {
        wp_report_error(r, at, "'half_width' must be an amount over 0, such as '2000000 GBP'");
        return false;
    }
    stop->half_width = wp_figure_amount(r->scenario, &stop->figure, &amount);
    stop->unit_text = wp_reader_keep(r, amount.unit_text);
    return true;
}

void wp_read_stop(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"figure", "half_width", "at_most", NULL};
    wp_stop_spec *stop = &r->scenario->stop;
    if (at == NULL || !wp_node_check_keys(r, at, "'stop_when'", keys)) { return; }
    const wp_node *figure = wp_node_need(r, at, "'stop_when'", "figure");
    const wp_node *half_width = wp_node_need(r, at, "'stop_when'", "half_width");
    const wp_node *at_most = wp_node_need(r, at, "'stop_when'", "at_most");
    if (figure == NULL || half_width == NULL || at_most == NULL) { return; }
    read_at_most(r, at_most, stop);
    if (!wp_figure_read(r, figure, &stop->figure) || !read_half_width(r, half_width, stop)) { return; }
    stop->is_given = true;
}
