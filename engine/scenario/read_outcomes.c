/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is counted: events, entries into a level, time in a state, snapshots; and the counts that each
   intervention has by itself, where something names them. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/condition.h"
#include "scenario/names.h"
#include "scenario/number.h"
#include "scenario/outcome.h"
#include "scenario/reader.h"

enum { MAX_TIMES = 1000, MAX_BY = 4 };

static const wp_outcome blank = {
    .variable = -1, .first_year = 1, .last_year = INT_MAX, .headline = true, .of = WP_PERSON};

/* ---- The four kinds ------------------------------------------------------------------------ */

static void read_events(wp_reader *r, const wp_node *at, wp_outcome *o)
{
    int n = wp_node_count(at);
    int *events = wp_reader_alloc(r, (size_t)n, sizeof *events);
    if (events == NULL) { return; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(at, i);
        if (item->kind != WP_NODE_SCALAR) {
            wp_report_error(r, item, "the name of an event was expected");
            continue;
        }
        int event = wp_names_need(r, item, WP_NAME_EVENT, item->text);
        if (event < 0) { continue; }
        wp_subject_kind of = r->names->events[event].of;
        if (of != o->of) {
            wp_report_error(r, item, "'%s' is an event of a %s, and this outcome of a %s; write 'of: %s'",
                            item->text, wp_subject_name(of), wp_subject_name(o->of), wp_subject_name(of));
            continue;
        }
        int k = o->n_events;
        while (k > 0 && events[k - 1] > event) { k--; }
        if (k > 0 && events[k - 1] == event) {
            wp_report_error(r, item, "'%s' is counted twice here", item->text);
            continue;
        }
        memmove(events + k + 1, events + k, (size_t)(o->n_events - k) * sizeof *events);
        events[k] = event;
        o->n_events++;
    }
    if (n == 0) { wp_report_error(r, at, "'events' is an empty list"); }
    o->events = events;
}

static void read_enters(wp_reader *r, const wp_node *at, wp_outcome *o)
{
    if (at->kind != WP_NODE_MAP || at->n != 1) {
        wp_report_error(r, at, "'enters' is one state and its level, such as {hospital: in}");
        return;
    }
    const wp_node *key = at->pairs[0].key;
    const wp_node *value = at->pairs[0].value;
    int variable = wp_names_need(r, key, WP_NAME_VARIABLE, key->text);
    if (variable < 0) { return; }
    const wp_variable *v = &r->names->variables[variable];
    if (v->of != o->of) {
        wp_report_error(r, key, "'%s' belongs to the %s, and this outcome is of a %s; write 'of: %s'",
                        key->text, wp_subject_name(v->of), wp_subject_name(o->of), wp_subject_name(v->of));
        return;
    }
    if (v->kind == WP_ATTRIBUTE) {
        wp_report_error(r, key, "'%s' is an attribute: it is for life, and nobody enters a level of it",
                        key->text);
        return;
    }
    for (int i = 0; i < wp_node_count(value); i++) {
        const wp_node *item = wp_node_at(value, i);
        int level = wp_names_need_level(r, item, variable, item->text);
        if (level >= 0) { o->levels |= UINT64_C(1) << level; }
    }
    o->variable = variable;
}

static void read_time_in(wp_reader *r, const wp_node *map, const wp_node *at, wp_outcome *o)
{
    const wp_node *unit = wp_node_need(r, map, "this outcome", "unit");
    o->condition = wp_condition_read(r, at, o->of);
    o->in_days = wp_node_is(unit, "days");
    if (unit != NULL && !o->in_days && !wp_node_is(unit, "years")) {
        wp_report_error(r, unit, "'unit' must be days or years");
    }
}

/* Times of a snapshot lie in the run. */
static bool read_time(wp_reader *r, const wp_node *at, const char *what, double *years)
{
    if (!wp_duration_read(r, at, what, years)) { return false; }
    if (*years <= r->scenario->n_years) { return true; }
    wp_report_error(r, at, "%s is %s; the run ends after %d years", what, at->text, r->scenario->n_years);
    return false;
}

static void read_times(wp_reader *r, const wp_node *list, wp_outcome *o)
{
    int n = wp_node_count(list);
    if (n == 0 || n > MAX_TIMES) {
        wp_report_error(r, list, "'at' is a list of 1 to %d times", (int)MAX_TIMES);
        return;
    }
    double *times = wp_reader_alloc(r, (size_t)n, sizeof *times);
    if (times == NULL) { return; }
    for (int i = 0; i < n; i++) {
        double years = 0.0;
        if (!read_time(r, wp_node_at(list, i), "the time", &years)) { continue; }
        int k = o->n_at;
        while (k > 0 && times[k - 1] > years) { k--; }
        if (k > 0 && times[k - 1] == years) {
            wp_report_error(r, wp_node_at(list, i), "this time stands twice in the list");
            continue;
        }
        memmove(times + k + 1, times + k, (size_t)(o->n_at - k) * sizeof *times);
        times[k] = years;
        o->n_at++;
    }
    o->at = times;
}

static void read_snapshot(wp_reader *r, const wp_node *at, wp_outcome *o)
{
    static const char *const keys[] = {"every", "from", "at", NULL};
    if (!wp_node_check_keys(r, at, "'snapshot'", keys)) { return; }
    const wp_node *every = wp_node_get(at, "every");
    const wp_node *from = wp_node_get(at, "from");
    const wp_node *times = wp_node_get(at, "at");
    if ((every == NULL) == (times == NULL)) {
        wp_report_error(r, at, "a snapshot has 'every' or 'at', one of the two");
        return;
    }
    if (times != NULL) {
        if (from != NULL) { wp_report_error(r, from, "'from' goes with 'every', not with 'at'"); }
        read_times(r, times, o);
        return;
    }
    if (!wp_duration_read(r, every, "'every'", &o->every)) { return; }
    if (o->every <= 0.0 || r->scenario->n_years / o->every > MAX_TIMES) {
        wp_report_error(r, every, "'every' is %s: at most %d snapshots in a run", every->text,
                        (int)MAX_TIMES);
        o->every = 1.0;
    }
    o->from = o->every;
    if (from != NULL) { (void)read_time(r, from, "'from'", &o->from); }
}

/* ---- One outcome --------------------------------------------------------------------------- */

static void read_by(wp_reader *r, const wp_node *by, wp_outcome *o)
{
    int n = wp_node_count(by);
    if (n > MAX_BY) {
        wp_report_error(r, by, "an outcome is counted by at most %d things", (int)MAX_BY);
        return;
    }
    wp_look *looks = wp_reader_alloc(r, (size_t)n, sizeof *looks);
    if (looks == NULL) { return; }
    for (int i = 0; i < n; i++) {
        const wp_node *item = wp_node_at(by, i);
        wp_look look;
        if (item->kind != WP_NODE_SCALAR) {
            wp_report_error(r, item, "the name of an attribute or a state was expected");
        } else if (wp_look_read(r, item, o->of, &look)) {
            if (wp_look_is_level(&look)) {
                looks[o->n_by++] = look;
            } else {
                wp_report_error(r, item, "'%s' has no levels, so nothing can be counted by it", item->text);
                wp_report_hint(r, "define groups, such as  groups: {older: {age: 65+}}");
            }
        }
    }
    o->by = looks;
}

static void read_options(wp_reader *r, const wp_node *at, wp_outcome *o)
{
    const wp_node *once = wp_node_get(at, "once_per");
    const wp_node *histogram = wp_node_get(at, "histogram");
    const wp_node *years = wp_node_get(at, "years");
    const wp_node *unit = wp_node_get(at, "unit");
    if (years != NULL) { (void)wp_run_years_read(r, years, "'years'", &o->first_year, &o->last_year); }
    if (wp_node_get(at, "by") != NULL) { read_by(r, wp_node_get(at, "by"), o); }
    (void)wp_flag_read(r, wp_node_get(at, "headline"), "'headline'", &o->headline);
    if (once != NULL) {
        o->once_per = wp_node_is(once, "year") ? 1 : wp_node_is(once, "run") ? 2 : 0;
        if (o->once_per == 0) { wp_report_error(r, once, "'once_per' must be year or run"); }
        if (o->kind == WP_OUTCOME_TIME_IN || o->kind == WP_OUTCOME_SNAPSHOT) {
            wp_report_error(r, once, "'once_per' counts subjects with an event; this outcome has no events");
        }
    }
    if (histogram != NULL) {
        o->histogram = true;
        o->histogram_per_household = wp_node_is(histogram, "per household");
        if (!o->histogram_per_household && !wp_node_is(histogram, "per person")) {
            wp_report_error(r, histogram, "'histogram' must be 'per person' or 'per household'");
        } else if (!o->histogram_per_household && o->of != WP_PERSON) {
            wp_report_error(r, histogram, "this outcome is not of persons; write 'per household'");
        }
    }
    if (unit != NULL && o->kind != WP_OUTCOME_TIME_IN) {
        wp_report_error(r, unit, "'unit' goes with 'time_in'; this outcome is a number");
    }
}

static void read_subject(wp_reader *r, const wp_node *of, wp_outcome *o)
{
    if (of == NULL) { return; }
    for (wp_subject_kind k = WP_PERSON; k <= WP_COUPLE; k++) {
        if (wp_node_is(of, wp_subject_name(k))) {
            o->of = k;
            return;
        }
    }
    wp_report_error(r, of, "'of' must be person, household or couple");
}

static void read_outcome(wp_reader *r, const wp_pair *pair, wp_outcome *o)
{
    static const char *const keys[] = {"events",    "enters",   "time_in", "snapshot", "of",
                                       "when",      "years",    "by",      "unit",     "once_per",
                                       "histogram", "headline", "source",  "about",    NULL};
    static const char *const kinds[] = {"events", "enters", "time_in", "snapshot"};
    const wp_node *at = pair->value;
    *o = blank;
    o->name = wp_reader_keep(r, pair->key->text);
    o->pos = pair->key->pos;
    if (!wp_name_check(r, pair->key, "an outcome") || !wp_node_check_keys(r, at, "an outcome", keys)) {
        return;
    }
    r->names->context = "this outcome";
    read_subject(r, wp_node_get(at, "of"), o);
    const wp_node *value = NULL;
    int n = 0;
    for (int k = 0; k < 4; k++) {
        if (wp_node_get(at, kinds[k]) == NULL) { continue; }
        value = wp_node_get(at, kinds[k]);
        o->kind = (wp_outcome_kind)k;
        n++;
    }
    if (n != 1) {
        wp_report_error(r, pair->key, "outcome '%s' must have one of events, enters, time_in and snapshot",
                        o->name);
        return;
    }
    switch (o->kind) {
    case WP_OUTCOME_EVENTS: read_events(r, value, o); break;
    case WP_OUTCOME_ENTERS: read_enters(r, value, o); break;
    case WP_OUTCOME_TIME_IN: read_time_in(r, at, value, o); break;
    case WP_OUTCOME_SNAPSHOT: read_snapshot(r, value, o); break;
    }
    read_options(r, at, o);
    const wp_node *when = wp_node_get(at, "when");
    if (when != NULL) {
        o->condition = wp_condition_both(r, o->condition, wp_condition_read(r, when, o->of));
    }
}

/* ---- Counts of interventions --------------------------------------------------------------- */

typedef struct implied {
    const char *word;
    const char *event; /* or NULL: a snapshot of those whose status is `level` */
    int level;
} implied;

/* Levels of a status: never 0, waiting 1, in 2, past 3. */
static const implied implied_counts[] = {
    {"offers", "offer", 0}, {"starts", "start", 0},   {"ends", "end", 0},       {"refused", "refused", 0},
    {"gave_up", "gave_up", 0}, {"waiting", NULL, 1}, {"in", NULL, 2},
};

typedef struct growing {
    wp_outcome *list;
    int n, room;
} growing;

static bool is_there(const growing *g, const char *name)
{
    for (int i = 0; i < g->n; i++) {
        if (strcmp(g->list[i].name, name) == 0) { return true; }
    }
    return false;
}

static const wp_condition *status_is(wp_reader *r, int variable, int level, wp_pos pos)
{
    wp_condition *c = wp_reader_alloc(r, 1, sizeof *c);
    if (c == NULL) { return NULL; }
    *c = (wp_condition){.kind = WP_CONDITION_TEST,
                        .group = -1,
                        .look = {.kind = WP_LOOK_VARIABLE, .whose = WP_SELF, .item = variable},
                        .levels = UINT64_C(1) << level,
                        .pos = pos};
    return c;
}

static void make_implied(wp_reader *r, growing *g, const wp_node *at, int intervention, const implied *what)
{
    const wp_intervention *in = &r->names->interventions[intervention];
    wp_outcome *o = &g->list[g->n];
    *o = blank;
    o->name = wp_reader_keep(r, at->text);
    o->of = in->of;
    o->pos = at->pos;
    o->headline = false;
    if (what->event == NULL) {
        o->kind = WP_OUTCOME_SNAPSHOT;
        o->every = 1.0;
        o->from = 1.0;
        o->condition = status_is(r, wp_names_find(r, WP_NAME_VARIABLE, in->name), what->level, at->pos);
    } else {
        int *event = wp_reader_alloc(r, 1, sizeof *event);
        if (event == NULL) { return; }
        *event = wp_names_find(r, WP_NAME_EVENT, wp_reader_format(r, "%s.%s", in->name, what->event));
        o->kind = WP_OUTCOME_EVENTS;
        o->n_events = *event >= 0;
        o->events = event;
    }
    g->n++;
}

/* Adds the count that the scalar names, if it is one of an intervention's. */
static void imply(wp_reader *r, growing *g, const wp_node *at)
{
    const char *dot = at->kind == WP_NODE_SCALAR ? strchr(at->text, '.') : NULL;
    if (dot == NULL || g->n >= g->room || is_there(g, at->text)) { return; }
    char name[128];
    size_t n = (size_t)(dot - at->text);
    if (n >= sizeof name) { return; }
    memcpy(name, at->text, n);
    name[n] = '\0';
    int intervention = wp_names_find(r, WP_NAME_INTERVENTION, name);
    if (intervention < 0) { return; }
    for (size_t i = 0; i < sizeof implied_counts / sizeof implied_counts[0]; i++) {
        if (strcmp(dot + 1, implied_counts[i].word) == 0) {
            make_implied(r, g, at, intervention, &implied_counts[i]);
            return;
        }
    }
}

/* Everywhere that an outcome can be named. */
static void imply_all(wp_reader *r, growing *g)
{
    const wp_node *targets = wp_node_get(r->root, "targets");
    const wp_node *values = wp_node_get(r->root, "unit_values");
    const wp_node *named[] = {wp_node_get(wp_node_get(r->root, "report"), "outcomes"),
                              wp_node_get(wp_node_get(r->root, "sweep"), "keep")};
    for (int i = 0; targets != NULL && targets->kind == WP_NODE_MAP && i < targets->n; i++) {
        const wp_node *figure = wp_node_get(targets->pairs[i].value, "figure");
        const wp_node *outcomes[] = {wp_node_get(figure, "outcome"),
                                     wp_node_get(wp_node_get(figure, "over"), "outcome")};
        for (int k = 0; k < 2; k++) {
            if (outcomes[k] != NULL) { imply(r, g, outcomes[k]); }
        }
    }
    for (int i = 0; values != NULL && values->kind == WP_NODE_MAP && i < values->n; i++) {
        const wp_node *per = wp_node_get(values->pairs[i].value, "per");
        if (per != NULL) { imply(r, g, per); }
    }
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < wp_node_count(named[k]); i++) { imply(r, g, wp_node_at(named[k], i)); }
    }
}

/* ---- All of them --------------------------------------------------------------------------- */

static int by_name(const void *left, const void *right)
{
    return strcmp(((const wp_outcome *)left)->name, ((const wp_outcome *)right)->name);
}

void wp_read_outcomes(wp_reader *r)
{
    const wp_node *at = wp_node_get(r->root, "outcomes");
    int n = at != NULL && at->kind == WP_NODE_MAP ? at->n : 0;
    if (n > WP_MAX_NAMES) {
        wp_report_error(r, at, "more than %d outcomes", (int)WP_MAX_NAMES);
        n = WP_MAX_NAMES;
    }
    growing g = {.room = n + 7 * r->scenario->n_interventions};
    g.list = wp_reader_alloc(r, (size_t)g.room, sizeof *g.list);
    if (g.list == NULL) { return; }
    for (int i = 0; i < n && r->status == WP_OK; i++) { read_outcome(r, &at->pairs[i], &g.list[g.n++]); }
    imply_all(r, &g);
    qsort(g.list, (size_t)g.n, sizeof *g.list, by_name);
    r->scenario->outcomes = g.list;
    r->scenario->n_outcomes = g.n;
}

int wp_outcome_need(wp_reader *r, const wp_node *at)
{
    const wp_scenario *s = r->scenario;
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "the name of an outcome was expected");
        return -1;
    }
    wp_outcome key = {.name = at->text};
    const wp_outcome *found = bsearch(&key, s->outcomes, (size_t)s->n_outcomes, sizeof key, by_name);
    if (found != NULL) { return (int)(found - s->outcomes); }
    const char **names = wp_reader_scratch(r, (size_t)s->n_outcomes, sizeof *names);
    for (int i = 0; names != NULL && i < s->n_outcomes; i++) { names[i] = s->outcomes[i].name; }
    wp_names_unknown(r, at, "outcome", at->text, names, names != NULL ? s->n_outcomes : 0);
    return -1;
}
