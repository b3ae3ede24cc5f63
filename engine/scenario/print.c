/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities written out in one canonical way, which orders factors whatever file they stand in. */
#include <string.h>

#include "scenario/quantity.h"

static const char *grid_text(wp_reader *r, const wp_grid *grid)
{
    const char *text = "by";
    for (int i = 0; i < grid->n_axes; i++) {
        text = wp_reader_format(r, "%s%s %s", text, i == 0 ? "" : ",", wp_look_text(r, &grid->axes[i].look));
    }
    text = wp_reader_format(r, "%s [", text);
    for (int i = 0; i < grid->n_cells && i < 64; i++) {
        int parameter = grid->cell_parameter == NULL ? -1 : grid->cell_parameter[i];
        const char *between = i == 0 ? "" : " ";
        text = parameter >= 0
                   ? wp_reader_format(r, "%s%s%s", text, between, r->names->parameters[parameter].name)
                   : wp_reader_format(r, "%s%s%.15g", text, between, grid->values[i]);
    }
    return wp_reader_format(r, "%s]", text);
}

static const char *clock_text(wp_reader *r, const wp_quantity *q)
{
    return q->clock_is_when ? "when" : wp_look_text(r, &q->look);
}

const char *wp_quantity_text(wp_reader *r, const wp_quantity *q)
{
    switch (q->kind) {
    case WP_QUANTITY_NUMBER: return wp_reader_format(r, "%.15g", q->value);
    case WP_QUANTITY_PARAMETER: return r->names->parameters[q->parameter].name;
    case WP_QUANTITY_CELL:
        return wp_reader_format(r, "%s.%d", r->names->parameters[q->parameter].name, q->cell);
    case WP_QUANTITY_TABLE: return grid_text(r, q->grid);
    case WP_QUANTITY_MULTIPLIER: return wp_look_text(r, &q->look);
    case WP_QUANTITY_RATE_OF_PROBABILITY:
        return wp_reader_format(r, "probability %s over %.15g", wp_quantity_text(r, q->a), q->over);
    case WP_QUANTITY_PROBABILITY_OF_RATE:
        return wp_reader_format(r, "hazard %s over %.15g", wp_quantity_text(r, q->a), q->over);
    case WP_QUANTITY_RATIO_OF_ODDS:
        return wp_reader_format(r, "odds ratio %s baseline %s over %.15g", wp_quantity_text(r, q->a),
                                wp_quantity_text(r, q->b), q->over);
    case WP_QUANTITY_WEIBULL:
        return wp_reader_format(r, "weibull %s %s%s clock %s", wp_quantity_text(r, q->a),
                                q->by_rate ? "rate " : "", wp_quantity_text(r, q->b), clock_text(r, q));
    case WP_QUANTITY_GOMPERTZ:
        return wp_reader_format(r, "gompertz %s %s clock %s", wp_quantity_text(r, q->a),
                                wp_quantity_text(r, q->b), clock_text(r, q));
    }
    return "";
}
