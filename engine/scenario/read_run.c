/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Title, clock, runs and place: when a scenario runs, how often, and where. */
#include <stdio.h>
#include <string.h>

#include "scenario/correlation.h"
#include "scenario/number.h"
#include "scenario/reader.h"

/* ---- Clock --------------------------------------------------------------------------------- */

/* The calendar year with its fraction: 2011-04-01 is 2011 + 90/365. */
static double calendar_year(const char *date, int64_t days)
{
    char border[16];
    int64_t first = 0;
    int64_t next = 0;
    int year = 0;
    for (int i = 0; i < 4; i++) { year = year * 10 + (date[i] - '0'); }
    (void)snprintf(border, sizeof border, "%04d-01-01", year);
    (void)wp_date_parse(border, &first);
    next = first + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365);
    return year + (double)(days - first) / (double)(next - first);
}

void wp_read_clock(wp_reader *r)
{
    static const char *const keys[] = {"start", "years", NULL};
    wp_scenario *s = r->scenario;
    s->title = wp_string_read(r, wp_node_get(r->root, "title"), "'title'");
    s->about = wp_string_read(r, wp_node_get(r->root, "about"), "'about'");
    s->n_years = 1;
    s->start_date = "2000-01-01";
    s->start_calendar_year = 2000.0;
    (void)wp_date_parse(s->start_date, &r->start_days);
    const wp_node *clock = wp_node_get(r->root, "clock");
    if (clock == NULL) {
        wp_report_error(r, NULL, "section 'clock' is missing");
        wp_report_hint(r, "write  clock: {start: 2013-04-01, years: 25}");
        return;
    }
    if (!wp_node_check_keys(r, clock, "'clock'", keys)) { return; }
    const wp_node *start = wp_node_need(r, clock, "'clock'", "start");
    int64_t years = 1;
    if (wp_whole_read(r, wp_node_need(r, clock, "'clock'", "years"), "'years'", 1, 200, &years)) {
        s->n_years = (int)years;
    }
    int64_t days = 0;
    if (start == NULL) { return; }
    if (start->kind != WP_NODE_SCALAR || !wp_date_parse(start->text, &days)) {
        wp_report_error(r, start, "'start' must be a date such as 2013-04-01");
        return;
    }
    r->start_days = days;
    s->start_date = wp_reader_keep(r, start->text);
    s->start_calendar_year = calendar_year(start->text, days);
}

/* ---- Runs ---------------------------------------------------------------------------------- */

static void read_design(wp_reader *r, const wp_node *runs)
{
    static const char *const words[] = {"independent", "latin_hypercube", "sobol"};
    const wp_node *design = wp_node_get(runs, "design");
    wp_scenario *s = r->scenario;
    if (design == NULL) { return; }
    for (int i = 0; i < 3; i++) {
        if (wp_node_is(design, words[i])) {
            s->draw_design = (wp_draw_design)i;
            break;
        }
        if (i < 2) { continue; }
        wp_report_error(r, design,
                        "'design' is '%s'; it must be 'independent', 'latin_hypercube' or 'sobol'%s",
                        design->text, wp_report_nearest(r, design->text, words, 3));
    }
    if (s->draw_design == WP_DESIGN_SOBOL && (s->n_draws & (s->n_draws - 1)) != 0) {
        int power = 1;
        while (power < s->n_draws) { power *= 2; }
        wp_report_warning(r, wp_node_get(runs, "draws"),
                          "%d draws of Sobol's points are spread less evenly than a power of "
                          "2 would be",
                          s->n_draws);
        wp_report_hint(r, "write  draws: %d", power);
    }
}

/* A sample over 0. */
static void read_sample(wp_reader *r, const wp_node *at, double *sample)
{
    double share = 1.0;
    if (!wp_share_read(r, at, "'sample'", &share)) { return; }
    if (share > 0.0) {
        *sample = share;
    } else {
        wp_report_error(r, at, "'sample' is 0; it must be over 0, and at most 1");
    }
}

static void read_times(wp_reader *r, const wp_node *at, const char *what, int *n)
{
    int64_t times = 1;
    if (wp_whole_read(r, at, what, 1, 1000000, &times)) { *n = (int)times; }
}

/* `validate: {sample, draws, replicates}`: how large a run is that is compared with published figures. */
static void read_validate(wp_reader *r, const wp_node *at)
{
    static const char *const keys[] = {"sample", "draws", "replicates", NULL};
    wp_scenario *s = r->scenario;
    if (at == NULL || !wp_node_check_keys(r, at, "'validate'", keys)) { return; }
    read_sample(r, wp_node_get(at, "sample"), &s->validate.sample);
    read_times(r, wp_node_get(at, "draws"), "'draws'", &s->validate.draws);
    read_times(r, wp_node_get(at, "replicates"), "'replicates'", &s->validate.replicates);
}

void wp_read_runs(wp_reader *r)
{
    static const char *const keys[] = {"seed", "draws", "replicates", "sample", "design",
                                       "correlations", "stop_when", "validate", NULL};
    static const char *const place_keys[] = {"title", "levels", NULL};
    wp_scenario *s = r->scenario;
    const wp_node *runs = wp_node_get(r->root, "runs");
    const wp_node *place = wp_node_get(r->root, "place");
    int64_t seed = 1;
    s->seed = 1;
    s->n_draws = 1;
    s->n_replicates = 1;
    s->sample = 1.0;
    if (place != NULL && wp_node_check_keys(r, place, "'place'", place_keys)) {
        s->place_title = wp_string_read(r, wp_node_get(place, "title"), "'title' of the place");
    }
    if (runs == NULL || !wp_node_check_keys(r, runs, "'runs'", keys)) { return; }
    if (wp_whole_read(r, wp_node_get(runs, "seed"), "'seed'", 0, INT64_C(1) << 53, &seed)) {
        s->seed = (uint64_t)seed;
    }
    read_times(r, wp_node_get(runs, "draws"), "'draws'", &s->n_draws);
    read_times(r, wp_node_get(runs, "replicates"), "'replicates'", &s->n_replicates);
    read_sample(r, wp_node_get(runs, "sample"), &s->sample);
    read_validate(r, wp_node_get(runs, "validate"));
    read_design(r, runs);
}
