/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of a result's dimensions, columns and single values. */
#include "results/columns.h"

#include <string.h>

#include "results/sides.h"
#include "simulate/counts.h"

#define AT(member) offsetof(wp_run_data, member)
#define TEXTS(member, dim) .type = WP_TYPE_TEXT, .n_dims = 1, .dims = {dim}, .offset = AT(member)

const wp_dimension_spec wp_dimensions[WP_N_DIMS] = {
    [WP_DIM_ARM] = {"arm", "way of organising services", AT(n_arms), false, 0, WP_LABEL_TEXT, AT(arms)},
    [WP_DIM_DRAW] = {"draw", "draw of the parameters", AT(n_draws), false, 0, WP_LABEL_NUMBER, 0},
    [WP_DIM_REPLICATE] = {"replicate", "replicate of the lives", AT(n_replicates), false, 0, WP_LABEL_NUMBER, 0},
    [WP_DIM_YEAR] = {"year", "calendar year in which the year of the run begins", AT(n_years), false, 0, WP_LABEL_INT, AT(years)},
    [WP_DIM_BATCH] = {"batch", "random group of lineages", 0, false, WP_N_BATCHES, WP_LABEL_NUMBER, 0},
    [WP_DIM_OUTCOME] = {"outcome", "outcome", AT(n_outcomes), false, 0, WP_LABEL_TEXT, AT(outcomes)},
    [WP_DIM_CELL] = {"cell", "cell of the counts", AT(n_cells), false, 0, WP_LABEL_NUMBER, 0},
    [WP_DIM_INTERVENTION] = {"intervention", "intervention", AT(n_interventions), false, 0, WP_LABEL_TEXT, AT(interventions)},
    [WP_DIM_PARAMETER] = {"parameter", "parameter", AT(n_parameters), false, 0, WP_LABEL_TEXT, AT(parameters)},
    [WP_DIM_VALUATION] = {"valuation", "valuation kept by lineage", AT(n_values), false, 0, WP_LABEL_TEXT, AT(values)},
    [WP_DIM_PAYER] = {"payer", "body that pays", AT(money.n_payers), false, 0, WP_LABEL_TEXT, AT(money.payers)},
    [WP_DIM_UNIT_VALUE] = {"unit_value", "unit value", AT(money.n_unit_values), false, 0, WP_LABEL_TEXT, AT(money.unit_values)},
    [WP_DIM_TARGET] = {"target", "published figure", AT(money.n_targets), false, 0, WP_LABEL_TEXT, AT(money.targets)},
    [WP_DIM_EVENT] = {"event", "event", AT(n_events), false, 0, WP_LABEL_TEXT, AT(events)},
    [WP_DIM_TRACE] = {"trace_row", "event of a traced life, in order", AT(n_trace), true, 0, WP_LABEL_NUMBER, 0},
    [WP_DIM_WORD] = {"word", "64-bit word, low first", 0, false, 2, WP_LABEL_NUMBER, 0},
    [WP_DIM_BYTE] = {"byte", "byte of a digest", 0, false, 32, WP_LABEL_NUMBER, 0},
    [WP_DIM_HISTOGRAM] = {"histogram", "outcome with a histogram", AT(n_histograms), false, 0, WP_LABEL_NUMBER, 0},
    [WP_DIM_BIN] = {"bin", "events, or whole units of time, of one subject; the last: so many or more", AT(n_bins), false, 0, WP_LABEL_NUMBER, 0},
    [WP_DIM_SPEND_BIN] = {"spend_bin", "how much was spent on a person in a year, from spend_from on", AT(n_spend_bins), false, 0, WP_LABEL_NUMBER, 0},
    [WP_DIM_SIDE] = {"saving_side", "whose a saving is, within families", AT(n_sides), false, 0, WP_LABEL_TEXT, AT(sides)},
    [WP_DIM_SIDE_UNIT] = {"saving_unit", "unit of savings that are kept by batch", AT(n_side_units), false, 0, WP_LABEL_TEXT, AT(side_units)},
};

#define A WP_DIM_ARM
#define D WP_DIM_DRAW
#define R WP_DIM_REPLICATE
#define Y WP_DIM_YEAR
#define I WP_DIM_INTERVENTION
#define V WP_DIM_VALUATION
#define U WP_DIM_UNIT_VALUE
#define P WP_DIM_PAYER
#define T WP_DIM_TARGET
#define E WP_DIM_TRACE

const wp_column wp_columns[] = {
    {"", "offers", WP_TYPE_I64, 5, {A, D, R, I, Y}, AT(offers), "offers made", "offers", 0.5, true},
    {"", "starts", WP_TYPE_I64, 5, {A, D, R, I, Y}, AT(starts), "enrolments that began", "starts", 0.5, true},
    {"", "time_in", WP_TYPE_I64, 5, {A, D, R, I, Y}, AT(ticks_in), "time enrolled", "person_years", 0x1p-33, true},
    {"", "offers_by_batch", WP_TYPE_I64, 6, {A, D, R, WP_DIM_BATCH, I, Y}, AT(offers_by_batch),
     "offers made, by random group of lineages", "offers", 0.5, true},
    {"", "starts_by_batch", WP_TYPE_I64, 6, {A, D, R, WP_DIM_BATCH, I, Y}, AT(starts_by_batch),
     "enrolments that began, by random group of lineages", "starts", 0.5, true},
    {"", "time_in_by_batch", WP_TYPE_I64, 6, {A, D, R, WP_DIM_BATCH, I, Y}, AT(ticks_in_by_batch),
     "time enrolled, by random group of lineages", "person_years", 0x1p-33, true},
    {"", "founders_by_batch", WP_TYPE_I64, 1, {WP_DIM_BATCH}, AT(founders_by_batch),
     "founding lineages, by random group of lineages", "lineages", 1, false},
    {"", "touched", WP_TYPE_I64, 4, {A, D, R, Y}, AT(touched),
     "lineages in which an intervention first began, of all in the attribute lineages", "lineages", 0, false},
    {"", "spend_people", WP_TYPE_I64, 5, {A, D, R, Y, WP_DIM_SPEND_BIN}, AT(spend_people),
     "persons by what was spent on each in the year", "people", 1, true},
    {"", "spend_amount", WP_TYPE_I64, 5, {A, D, R, Y, WP_DIM_SPEND_BIN}, AT(spend_pence),
     "what was spent on them, undiscounted", "GBP", 0.01, true},
    {"", "parameter_value", WP_TYPE_F64, 2, {D, WP_DIM_PARAMETER}, AT(parameter_values),
     "value of a parameter in a draw; of a table its scale", "1", 0, true},
    {"", "valuation_sum", WP_TYPE_F64, 4, {A, D, R, V}, AT(value_sum), "sum over lineages of what their lives are worth, discounted", "1", 0, false},
    {"", "valuation_sum_of_squares", WP_TYPE_F64, 4, {A, D, R, V}, AT(value_sum_squares),
     "sum over lineages of squares", "1", 0, false},
    {"", "valuation_paired_sum_of_squares", WP_TYPE_F64, 4, {A, D, R, V}, AT(paired_sum_squares),
     "sum over lineages of squares of baseline less arm", "1", 0, false},
    {"", "saving_by_side", WP_TYPE_I64, 5, {A, D, R, V, WP_DIM_SIDE}, AT(side_amounts),
     "baseline less arm, discounted, by whose it is within families", "1", WP_SIDE_UNIT, true},
    {"", "saving_by_side_and_batch", WP_TYPE_I64, 6, {A, D, R, WP_DIM_BATCH, WP_DIM_SIDE_UNIT, WP_DIM_SIDE},
     AT(side_batches), "the same of all in a unit but transfers, by random group of lineages", "1", WP_SIDE_UNIT, true},
    {"", "people_by_side", WP_TYPE_I64, 4, {A, D, R, WP_DIM_SIDE}, AT(side_people),
     "persons by side; elsewhere those who cost something else than in the baseline", "people", 1, true},
    {"provenance", "life", WP_TYPE_U64, 4, {A, D, R, WP_DIM_WORD}, AT(life), "life digest: sum mod 2^128 over lineages", NULL, 0, true},
    {"provenance", "model_digest", WP_TYPE_U8, 2, {D, WP_DIM_BYTE}, AT(model_digests), "SHA-256 of the compiled model", NULL, 0, true},
    {"layout", "outcome_units", TEXTS(outcome_units, WP_DIM_OUTCOME), "unit of an outcome", NULL, 0, true},
    {"layout", "outcome_scale", WP_TYPE_F64, 1, {WP_DIM_OUTCOME}, AT(outcome_scale), "kept integer x scale = value", NULL, 0, true},
    {"layout", "outcome_snapshots", WP_TYPE_I32, 1, {WP_DIM_OUTCOME}, AT(outcome_snapshots), "instants that a stock is summed over, or 0", NULL, 0, false},
    {"layout", "cell_outcome", WP_TYPE_I32, 1, {WP_DIM_CELL}, AT(cell_outcome), "outcome of a cell", NULL, 0, true},
    {"layout", "cell_grouping", TEXTS(cell_grouping, WP_DIM_CELL), "grouping of a cell", NULL, 0, true},
    {"layout", "cell_label", TEXTS(cell_label, WP_DIM_CELL), "label of a cell in its grouping", NULL, 0, true},
    {"layout", "histogram_outcome", WP_TYPE_I32, 1, {WP_DIM_HISTOGRAM}, AT(histogram_outcome), "outcome of a histogram", NULL, 0, true},
    {"layout", "spend_from", WP_TYPE_F64, 1, {WP_DIM_SPEND_BIN}, AT(spend_from), "least spend of a bin; the first: none", "GBP", 0, true},
    {"traces", "trace_arm", WP_TYPE_I32, 1, {E}, AT(trace_arm), "arm, as index", NULL, 0, true},
    {"traces", "trace_draw", WP_TYPE_I32, 1, {E}, AT(trace_draw), "draw", NULL, 0, true},
    {"traces", "trace_replicate", WP_TYPE_I32, 1, {E}, AT(trace_replicate), "replicate", NULL, 0, true},
    {"traces", "lineage", WP_TYPE_U64, 1, {E}, AT(trace_lineage), "id of the lineage", NULL, 0, true},
    {"traces", "subject", WP_TYPE_U64, 1, {E}, AT(trace_subject), "id of the person, household or couple", NULL, 0, true},
    {"traces", "subject_kind", WP_TYPE_I8, 1, {E}, AT(trace_kind), "0 person, 1 household, 2 couple", NULL, 0, true},
    {"traces", "time", WP_TYPE_F64, 1, {E}, AT(trace_time), "time since the start in years", "1", 0, true},
    {"traces", "trace_event", WP_TYPE_I32, 1, {E}, AT(trace_event), "event, as index", NULL, 0, true},
    {"money", "arm_has", WP_TYPE_U8, 2, {A, I}, AT(money.arm_has), "1 when the arm contains the intervention", NULL, 0, false},
    {"money", "payer_title", TEXTS(money.payer_titles, P), "title of a payer", NULL, 0, false},
    {"money", "payer_tier", TEXTS(money.payer_tiers, P), "tier of a payer", NULL, 0, false},
    {"money", "payer_part_of", WP_TYPE_I32, 1, {P}, AT(money.payer_part_of), "payer that it is part of, as index, or -1", NULL, 0, false},
    {"money", "value_unit", TEXTS(money.value_units, U), "unit", NULL, 0, false},
    {"money", "value_view", TEXTS(money.value_views, U), "fiscal, economic, social or transfer", NULL, 0, false},
    {"money", "value_is_spend", WP_TYPE_U8, 1, {U}, AT(money.value_is_spend), "1: part of spend_amount", NULL, 0, false},
    {"money", "value_source", TEXTS(money.value_sources, U), "source", NULL, 0, false},
    {"money", "value_grade", TEXTS(money.value_grades, U), "grade of the evidence", NULL, 0, false},
    {"money", "value_per", WP_TYPE_I32, 1, {U}, AT(money.value_per),
     "what it is paid for: 0 outcome, 1 offer, 2 start, 3 year in, 4 year of the programme, 5 programme", NULL, 0, false},
    {"money", "value_outcome", WP_TYPE_I32, 1, {U}, AT(money.value_outcome), "outcome, as index, or -1", NULL, 0, false},
    {"money", "value_intervention", WP_TYPE_I32, 1, {U}, AT(money.value_intervention), "intervention, as index, or -1", NULL, 0, false},
    {"money", "amount", WP_TYPE_F64, 3, {D, U, Y}, AT(money.amounts), "value of one count, before discounting", NULL, 0, false},
    {"money", "discount_factor", WP_TYPE_F64, 2, {U, Y}, AT(money.discounts), "discount factor", "1", 0, false},
    {"money", "fixed_count", WP_TYPE_F64, 2, {U, Y}, AT(money.fixed_counts), "years of the programme, or 1 when it begins", "1", 0, false},
    {"money", "share", WP_TYPE_F64, 2, {U, P}, AT(money.shares), "share that a payer bears", "1", 0, false},
    {"money", "cashable_share", WP_TYPE_F64, 1, {U}, AT(money.cash_shares), "share that can be cashed", "1", 0, false},
    {"money", "cashable_after", WP_TYPE_F64, 1, {U}, AT(money.cash_after), "lag in years until it is cashed", "1", 0, false},
    {"money", "cashable_steps", WP_TYPE_F64, 1, {U}, AT(money.cash_steps), "counts that are cashed at a time", "1", 0, false},
    {"money", "costs_up", WP_TYPE_F64, 1, {U}, AT(money.costs_up), "optimism bias on a cost", "1", 0, false},
    {"money", "benefits_down", WP_TYPE_F64, 1, {U}, AT(money.benefits_down), "optimism bias on a benefit", "1", 0, false},
    {"targets", "target_id", TEXTS(money.target_ids, T), "row of the evidence", NULL, 0, false},
    {"targets", "target_says", TEXTS(money.target_says, T), "what was published, in words", NULL, 0, false},
    {"targets", "target_source", TEXTS(money.target_sources, T), "where it was published", NULL, 0, false},
    {"targets", "target_within", WP_TYPE_F64, 1, {T}, AT(money.target_within),
     "share of the published value within which a fact is reproduced", "1", 0, false},
    {"targets", "target_figure", TEXTS(money.target_figures, T), "what is compared", NULL, 0, false},
    {"targets", "target_unit", TEXTS(money.target_units, T), "unit", NULL, 0, false},
    {"targets", "target_is_claim", WP_TYPE_U8, 1, {T}, AT(money.target_is_claim), "1 a claim, 0 a fact of the baseline", NULL, 0, false},
    {"targets", "published_low", WP_TYPE_F64, 1, {T}, AT(money.target_low), "published, lower end", NULL, 0, false},
    {"targets", "published_high", WP_TYPE_F64, 1, {T}, AT(money.target_high), "published, upper end", NULL, 0, false},
    {"targets", "target_value", WP_TYPE_F64, 3, {D, R, T}, AT(money.target_values), "simulated", NULL, 0, false},
};
const size_t wp_n_columns = sizeof wp_columns / sizeof wp_columns[0];

const wp_scalar wp_scalars[] = {
    {"title", WP_TYPE_TEXT, AT(title), false, false},
    {"seed", WP_TYPE_U64, AT(seed), true, false},
    {"sample", WP_TYPE_F64, AT(sample), true, false},
    {"weight", WP_TYPE_F64, AT(weight), true, false},
    {"lineages", WP_TYPE_I64, AT(n_lineages), true, false},
    {"people", WP_TYPE_I64, AT(n_people), true, false},
    {"uncertain", WP_TYPE_I32, AT(n_uncertain), false, false},
    {"scenario_path", WP_TYPE_TEXT, AT(scenario_path), false, false},
    {"version", WP_TYPE_TEXT, AT(version), false, false},
    {"compiler", WP_TYPE_TEXT, AT(compiler), false, false},
    {"flags", WP_TYPE_TEXT, AT(flags), false, false},
    {"libraries", WP_TYPE_TEXT, AT(libraries), false, false},
    {"simd", WP_TYPE_TEXT, AT(simd), false, false},
    {"arms_run", WP_TYPE_TEXT, AT(arms_run), false, false},
    {"command", WP_TYPE_TEXT, AT(command), false, false},
    {"caution", WP_TYPE_TEXT, AT(caution), false, false},
    {"stopped", WP_TYPE_TEXT, AT(stopped), false, false},
    {"created", WP_TYPE_TEXT, AT(created), false, false},
    {"seconds", WP_TYPE_F64, AT(seconds), false, false},
    {"threads", WP_TYPE_I32, AT(threads), false, false},
    {"price_year", WP_TYPE_TEXT, AT(money.price_year), false, false},
    {"discounting", WP_TYPE_TEXT, AT(money.discount_text), false, false},
    {"scenario_text", WP_TYPE_TEXT, AT(scenario_text), false, true},
    {"resolved_text", WP_TYPE_TEXT, AT(resolved_text), false, true},
};
const size_t wp_n_scalars = sizeof wp_scalars / sizeof wp_scalars[0];

size_t wp_dimension_length(const wp_run_data *data, wp_dimension dimension)
{
    const wp_dimension_spec *spec = &wp_dimensions[dimension];
    if (spec->fixed > 0) { return (size_t)spec->fixed; }
    const char *at = (const char *)data + spec->count;
    if (spec->count_is_int64) {
        int64_t n = 0;
        memcpy(&n, at, sizeof n);
        return n > 0 ? (size_t)n : 0;
    }
    int n = 0;
    memcpy(&n, at, sizeof n);
    return n > 0 ? (size_t)n : 0;
}

bool wp_dimension_is_optional(wp_dimension dimension)
{
    return dimension == WP_DIM_HISTOGRAM || dimension == WP_DIM_BIN ||
           dimension == WP_DIM_SPEND_BIN || dimension == WP_DIM_SIDE || dimension == WP_DIM_SIDE_UNIT;
}

bool wp_column_is_optional(const wp_column *column)
{
    for (int d = 0; d < column->n_dims; d++) {
        if (column->dims[d] == WP_DIM_BATCH || wp_dimension_is_optional(column->dims[d])) { return true; }
    }
    return false;
}

size_t wp_column_length(const wp_run_data *data, const wp_column *column)
{
    size_t n = 1;
    for (int d = 0; d < column->n_dims; d++) { n *= wp_dimension_length(data, column->dims[d]); }
    return n;
}

void *wp_column_array(const wp_run_data *data, const wp_column *column)
{
    void *array = NULL;
    memcpy(&array, (const char *)data + column->offset, sizeof array);
    return array;
}

size_t wp_type_bytes(wp_type type)
{
    switch (type) {
    case WP_TYPE_I64:
    case WP_TYPE_U64:
    case WP_TYPE_F64: return 8;
    case WP_TYPE_I32: return 4;
    case WP_TYPE_U8:
    case WP_TYPE_I8: return 1;
    case WP_TYPE_TEXT: break;
    }
    return sizeof(char *);
}

size_t wp_cells_length(const wp_run_data *data)
{
    return wp_dimension_length(data, WP_DIM_ARM) * wp_dimension_length(data, WP_DIM_DRAW) *
           wp_dimension_length(data, WP_DIM_REPLICATE) * wp_dimension_length(data, WP_DIM_YEAR) *
           wp_dimension_length(data, WP_DIM_CELL);
}

size_t wp_batches_length(const wp_run_data *data)
{
    return wp_dimension_length(data, WP_DIM_ARM) * wp_dimension_length(data, WP_DIM_DRAW) *
           wp_dimension_length(data, WP_DIM_REPLICATE) * (size_t)WP_N_BATCHES *
           wp_dimension_length(data, WP_DIM_YEAR) * wp_dimension_length(data, WP_DIM_OUTCOME);
}

size_t wp_histograms_length(const wp_run_data *data)
{
    return wp_dimension_length(data, WP_DIM_ARM) * wp_dimension_length(data, WP_DIM_DRAW) *
           wp_dimension_length(data, WP_DIM_REPLICATE) * wp_dimension_length(data, WP_DIM_HISTOGRAM) *
           wp_dimension_length(data, WP_DIM_BIN);
}
