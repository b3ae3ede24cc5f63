/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole scenario in words. */
#include <wholeplace/show.h>

#include <math.h>
#include <string.h>

#include "base/fail.h"
#include "base/title.h"
#include "model/figure_words.h"
#include "model/sentences.h"

#define SAY(...) WP_TRY(wp_text_append_format(text, err, __VA_ARGS__))

/* ---- Parameters
 * --------------------------------------------------------------------------------------- */

static wp_status words_distribution(const wp_distribution *d, double scale, wp_text *text,
                                    wp_error *err)
{
    static const char *const names[] = {"",     "normal",  "lognormal", "gamma",
                                        "beta", "uniform", "pert",      "dirichlet"};
    wp_status status = WP_OK;
    if (d->kind == WP_DISTRIBUTION_NONE) { return WP_OK; }
    SAY("%s", names[d->kind]);
    if (d->kind == WP_DISTRIBUTION_DIRICHLET) { goto out; }
    if (!isnan(d->sd)) { SAY(" sd %.6g", d->sd / scale); }
    if (!isnan(d->cv)) { SAY(" cv %.6g", d->cv); }
    if (!isnan(d->interval_low)) {
        SAY(" 95 %% from %.6g to %.6g", d->interval_low / scale, d->interval_high / scale);
    }
    if (!isnan(d->low)) { SAY(" from %.6g to %.6g", d->low / scale, d->high / scale); }
    if (d->value_is_median) { SAY(" around its median"); }
    if (d->on_contrast) { SAY(" of its contrasts"); }
out:
    return status;
}

static double written(const wp_parameter *p, double inside)
{
    return p->unit_scale > 0.0 ? inside / p->unit_scale : inside;
}

static wp_status words_value(const wp_scenario *s, const wp_parameter *p, wp_text *text,
                             wp_error *err)
{
    wp_status status = WP_OK;
    if (p->grid != NULL) {
        SAY("table of %d cells by ", p->grid->n_cells);
        for (int a = 0; a < p->grid->n_axes; a++) {
            SAY("%s", a > 0 ? " and " : "");
            WP_TRY(wp_words_look(s, &p->grid->axes[a].look, text, err));
        }
    } else if (p->n_counts > 0) {
        SAY("counts");
        for (int c = 0; c < p->n_counts; c++) {
            SAY("%s %s %.10g", c > 0 ? "," : "", p->count_names[c], p->counts[c]);
        }
    } else if (p->n_steps > 0) {
        SAY("by formula");
    } else {
        SAY("%.10g", written(p, p->value));
    }
out:
    return status;
}

static wp_status words_parameter(const wp_scenario *s, const wp_parameter *p, wp_text *text,
                                 wp_error *err)
{
    wp_status status = WP_OK;
    double scale = p->grid != NULL || !(p->unit_scale > 0.0) ? 1.0 : p->unit_scale;
    SAY("  %s = ", p->name);
    WP_TRY(words_value(s, p, text, err));
    SAY(" (%s)", p->unit_text == NULL ? "" : p->unit_text);
    if (p->distribution.kind != WP_DISTRIBUTION_NONE) {
        SAY("; ");
        WP_TRY(words_distribution(&p->distribution, scale, text, err));
    }
    SAY("; source: %s", p->source == NULL ? "none" : p->source);
    if (p->grade != 0) { SAY("; grade %c", p->grade); }
    SAY("\n");
out:
    return status;
}

static bool needs_source(const wp_parameter *p)
{
    return p->source == NULL && p->n_steps == 0;
}

static wp_status show_parameters(const wp_scenario *s, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    int n_missing = 0;
    SAY("\nParameters\n");
    for (int p = 0; p < s->n_parameters; p++) {
        WP_TRY(words_parameter(s, &s->parameters[p], text, err));
        n_missing += needs_source(&s->parameters[p]);
    }
    for (int u = 0; u < s->n_unit_values; u++) { n_missing += s->unit_values[u].source == NULL; }
    SAY("\nWithout a source: %d\n", n_missing);
    for (int p = 0; p < s->n_parameters; p++) {
        if (needs_source(&s->parameters[p])) { SAY("  parameter %s\n", s->parameters[p].name); }
    }
    for (int u = 0; u < s->n_unit_values; u++) {
        if (s->unit_values[u].source == NULL) { SAY("  unit value %s\n", s->unit_values[u].name); }
    }
out:
    return status;
}

/* ---- Who lives there
 * ------------------------------------------------------------------------------------ */

static wp_status show_population(const wp_scenario *s, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_population_spec *p = &s->population;
    SAY("\nPeople\n");
    switch (p->kind) {
    case WP_POPULATION_COHORT:
        SAY("  %lld households, all alike, of %d %s.\n", (long long)p->cohort.n_households,
            p->cohort.n_members, p->cohort.n_members == 1 ? "person" : "people");
        break;
    case WP_POPULATION_SYNTHETIC:
        SAY("  A synthetic population from %d published margins", p->n_margins);
        if (!isnan(p->people)) { SAY(", %.10g people", p->people); }
        if (!isnan(p->households)) { SAY(", %.10g households", p->households); }
        SAY("; source: %s.\n", p->source == NULL ? "none" : p->source);
        break;
    case WP_POPULATION_FILE:
        SAY("  Read from %s.\n", p->persons_path == NULL ? "a file" : p->persons_path);
        break;
    }
    for (int a = 0; a < s->n_arrivals; a++) {
        SAY("  Arrivals %s: a rate per year of ", s->arrivals[a].name);
        WP_TRY(wp_words_quantity(s, &s->arrivals[a].hazard, text, err));
        SAY("\n");
    }
out:
    return status;
}

static wp_status show_variables(const wp_scenario *s, wp_text *text, wp_error *err)
{
    static const char *const kinds[] = {"attribute", "state", "enrolment"};
    wp_status status = WP_OK;
    SAY("\nWhat they are\n");
    for (int v = 0; v < s->n_variables; v++) {
        const wp_variable *x = &s->variables[v];
        SAY("  %s, %s of %s: ", x->name, kinds[x->kind], wp_sentences_subject(x->of));
        for (int l = 0; l < x->n_levels; l++) { SAY("%s%s", l > 0 ? ", " : "", x->levels[l]); }
        SAY("\n");
    }
    for (int m = 0; m < s->n_multipliers; m++) {
        SAY("  %s, a number for life of %s, mean ", s->multipliers[m].name,
            wp_sentences_subject(s->multipliers[m].of));
        WP_TRY(wp_words_quantity(s, &s->multipliers[m].mean, text, err));
        SAY("\n");
    }
    if (s->n_groups > 0) { SAY("\nGroups\n"); }
    for (int g = 0; g < s->n_groups; g++) {
        SAY("  %s: ", s->groups[g].name);
        WP_TRY(wp_words_condition(s, s->groups[g].condition, text, err));
        SAY("\n");
    }
out:
    return status;
}

static wp_status show_place(const wp_scenario *s, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    if (s->n_pools + s->n_indicators > 0) { SAY("\nThe place\n"); }
    for (int p = 0; p < s->n_pools; p++) {
        SAY("  Pool %s: places ", s->pools[p].name);
        WP_TRY(wp_words_quantity(s, &s->pools[p].places, text, err));
        SAY("%s\n", s->pools[p].per_year ? " a year" : "");
    }
    for (int i = 0; i < s->n_indicators; i++) {
        SAY("  Indicator %s: the share where ", s->indicators[i].name);
        WP_TRY(wp_words_condition(s, s->indicators[i].share, text, err));
        SAY(", among those where ");
        WP_TRY(wp_words_condition(s, s->indicators[i].among, text, err));
        SAY("\n");
    }
out:
    return status;
}

/* ---- What is compared and counted
 * -------------------------------------------------------------------------- */

static wp_status words_arm(const wp_scenario *s, const wp_arm *arm, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    char title[WP_TITLE_CHARS];
    const char *between = "";
    SAY("  %s (%s): ", wp_title_text(arm->name, title), arm->name);
    for (int v = 0; v < s->n_interventions; v++) {
        if ((arm->interventions >> v & 1) == 0) { continue; }
        SAY("%s%s", between, s->interventions[v].name);
        between = ", ";
    }
    SAY("%s\n", arm->interventions == 0 ? "no intervention" : "");
out:
    return status;
}

static wp_status show_arms(const wp_scenario *s, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    if (s->n_interventions > 0) { SAY("\nInterventions\n"); }
    for (int v = 0; v < s->n_interventions; v++) {
        WP_TRY(wp_sentences_intervention(s, &s->interventions[v], text, err));
    }
    SAY("\nArms\n");
    for (int a = 0; a < s->n_arms; a++) { WP_TRY(words_arm(s, &s->arms[a], text, err)); }
out:
    return status;
}

static wp_status show_prices(const wp_scenario *s, wp_text *text, wp_error *err)
{
    static const char *const per[] = {"outcome", "offer", "start", "year in", "year", "programme"};
    wp_status status = WP_OK;
    if (s->n_unit_values > 0) { SAY("\nWhat it is worth\n"); }
    for (int u = 0; u < s->n_unit_values; u++) {
        const wp_unit_value *v = &s->unit_values[u];
        SAY("  %s: ", v->name);
        WP_TRY(wp_words_quantity(s, &v->amount, text, err));
        SAY(" %s per %s", v->unit == NULL ? "" : v->unit,
            v->per == WP_PER_OUTCOME ? s->outcomes[v->outcome].name : per[v->per]);
        if (v->per != WP_PER_OUTCOME) { SAY(" of %s", s->interventions[v->intervention].name); }
        if (v->price_year != NULL) { SAY(", prices of %s", v->price_year); }
        for (int p = 0; p < v->n_paid_by; p++) {
            SAY("%s%s %.4g %%", p == 0 ? ", paid by " : ", ", s->money.payers[v->payers[p]].name,
                100.0 * v->shares[p]);
        }
        if (v->is_spend) { SAY(", added up by person and year"); }
        SAY("; source: %s", v->source == NULL ? "none" : v->source);
        if (v->grade != 0) { SAY("; grade %c", v->grade); }
        SAY("\n");
    }
    if (s->report.saving_by_household) {
        SAY("  Savings are split between those in a programme and the others in their families.\n");
    }
out:
    return status;
}

/* ---- What was published ---------------------------------------------------------------------- */

/* As it was written: shares as such where it is in %. */
static wp_status words_published(const wp_target *t, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    const double scale = strcmp(t->unit_text, "%") == 0 ? 100.0 : 1.0;
    if (isfinite(t->low)) { SAY("%.10g", scale * t->low); }
    if (t->low != t->high && isfinite(t->low) && isfinite(t->high)) { SAY(" to "); }
    if (t->low != t->high && isfinite(t->high)) { SAY("%.10g", scale * t->high); }
    if (!isfinite(t->high)) { SAY(" or more"); }
    if (!isfinite(t->low)) { SAY(" or less"); }
    if (t->unit_text[0] != '\0') { SAY(" %s", t->unit_text); }
out:
    return status;
}

static wp_status words_target(const wp_scenario *s, const wp_target *t, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    SAY("  %s, %s", t->name, t->is_claim ? "a claim" : "a fact of the baseline");
    if (t->id != NULL) { SAY(" (%s)", t->id); }
    SAY(": ");
    WP_TRY(words_published(t, text, err));
    SAY("; source: %s", t->source[0] == '\0' ? "none" : t->source);
    if (t->grade != 0) { SAY("; grade %c", t->grade); }
    SAY("\n    beside: ");
    WP_TRY(wp_figure_describe(s, &t->figure, text, err));
    if (t->parameter >= 0) {
        SAY("; %s is searched from %.10g to %.10g for it to hold", s->parameters[t->parameter].name,
            t->from, t->to);
    }
    SAY("\n");
    if (t->says[0] != '\0') { SAY("    %s\n", t->says); }
out:
    return status;
}

static wp_status show_published(const wp_scenario *s, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    if (s->n_targets + s->n_alignments > 0) { SAY("\nWhat was published\n"); }
    for (int t = 0; t < s->n_targets; t++) { WP_TRY(words_target(s, &s->targets[t], text, err)); }
    for (int a = 0; a < s->n_alignments; a++) {
        const wp_alignment *x = &s->alignments[a];
        int n = 0;
        for (int y = 0; y < s->n_years; y++) { n += isnan(x->totals[y]) ? 0 : 1; }
        SAY("  %s, by year: %s aligns it to totals of %d year%s; source: %s", s->outcomes[x->outcome].name,
            s->parameters[x->parameter].name, n, n == 1 ? "" : "s", x->source == NULL ? "none" : x->source);
        if (x->grade != 0) { SAY("; grade %c", x->grade); }
        SAY("\n");
    }
out:
    return status;
}

static wp_status show_all(const wp_scenario *s, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    SAY("%s\n", s->title == NULL ? "" : s->title);
    if (s->about != NULL) { SAY("%s\n", s->about); }
    SAY("\nFrom %s for %d year%s; seed %llu, %d draw%s of the parameters, %d replicate%s of the "
        "lives.\n",
        s->start_date == NULL ? "the start" : s->start_date, s->n_years, s->n_years == 1 ? "" : "s",
        (unsigned long long)s->seed, s->n_draws, s->n_draws == 1 ? "" : "s", s->n_replicates,
        s->n_replicates == 1 ? "" : "s");
    if (s->place_title != NULL) { SAY("Place: %s\n", s->place_title); }
    WP_TRY(show_population(s, text, err));
    WP_TRY(show_variables(s, text, err));
    SAY("\nWhat can happen\n");
    for (int p = 0; p < s->n_processes; p++) {
        WP_TRY(wp_sentences_process(s, &s->processes[p], text, err));
    }
    WP_TRY(show_place(s, text, err));
    WP_TRY(show_arms(s, text, err));
    SAY("\nWhat is counted\n");
    for (int o = 0; o < s->n_outcomes; o++) {
        WP_TRY(wp_sentences_outcome(s, &s->outcomes[o], text, err));
    }
    WP_TRY(show_prices(s, text, err));
    WP_TRY(show_published(s, text, err));
    WP_TRY(show_parameters(s, text, err));
out:
    return status;
}

static wp_status text_write(const wp_text *text, FILE *out, wp_error *err)
{
    if (fwrite(wp_text_get(text), 1, text->length, out) == text->length && fflush(out) == 0) {
        return WP_OK;
    }
    return wp_fail(err, WP_ERR_FILE, "the description of the scenario cannot be written");
}

wp_status wp_show(const wp_scenario *scenario, FILE *out, wp_error *err)
{
    wp_text text;
    wp_text_init(&text);
    wp_status status = show_all(scenario, &text, err);
    if (status == WP_OK) { status = text_write(&text, out, err); }
    wp_text_free(&text);
    return status;
}

/* ---- CSV
 * --------------------------------------------------------------------------------------------------------
 */

/* One field: in quotation marks where RFC 4180 asks for them, which are then doubled. */
static wp_status csv_field(const char *field, const char *end, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    bool is_quoted = strpbrk(field, ",\"\r\n") != NULL;
    if (is_quoted) { WP_TRY(wp_text_append_char(text, '"', err)); }
    for (; *field != '\0'; field++) {
        if (*field == '"') { WP_TRY(wp_text_append_char(text, '"', err)); }
        WP_TRY(wp_text_append_char(text, *field, err));
    }
    if (is_quoted) { WP_TRY(wp_text_append_char(text, '"', err)); }
    WP_TRY(wp_text_append(text, end, err));
out:
    return status;
}

static wp_status csv_row(const wp_scenario *s, const wp_parameter *p, wp_text *text, wp_error *err)
{
    wp_status status = WP_OK;
    wp_text distribution;
    double scale = p->grid != NULL || !(p->unit_scale > 0.0) ? 1.0 : p->unit_scale;
    bool has_file = p->pos.file >= 0 && p->pos.file < s->n_files;
    wp_text_init(&distribution);
    WP_TRY(csv_field(p->name, ",", text, err));
    if (p->grid == NULL && p->n_counts == 0 && p->n_steps == 0) {
        SAY("%.17g", written(p, p->value));
    }
    SAY(",");
    WP_TRY(csv_field(p->unit_text == NULL ? "" : p->unit_text, ",", text, err));
    WP_TRY(words_distribution(&p->distribution, scale, &distribution, err));
    WP_TRY(csv_field(wp_text_get(&distribution), ",", text, err));
    WP_TRY(csv_field(p->source == NULL ? "" : p->source, ",", text, err));
    if (p->grade != 0) { SAY("%c", p->grade); }
    SAY(",");
    WP_TRY(csv_field(has_file ? s->files[p->pos.file].path : "", ",", text, err));
    SAY("%d\r\n", p->pos.line);
out:
    wp_text_free(&distribution);
    return status;
}

wp_status wp_show_parameters(const wp_scenario *scenario, FILE *out, wp_error *err)
{
    wp_status status = WP_OK;
    wp_text own, *text = &own;
    wp_text_init(text);
    SAY("name,value,unit,distribution,source,grade,file,line\r\n");
    for (int p = 0; p < scenario->n_parameters; p++) {
        WP_TRY(csv_row(scenario, &scenario->parameters[p], text, err));
    }
    WP_TRY(text_write(text, out, err));
out:
    wp_text_free(text);
    return status;
}
