/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of all processes together. */
#include "scenario/process_checks.h"

#include <math.h>
#include <string.h>

#include "scenario/condition.h"
#include "scenario/effect.h"

/* ---- Circles at one instant -------------------------------------------------------------------- */

/* May this `set` reach one of the levels of `at`? */
static bool set_enters(const wp_effect *e, const wp_occasion *at)
{
    if (e->variable != at->variable) { return false; }
    return e->how != WP_SET_LEVEL || e->level < 0 || (at->levels >> e->level & 1) != 0;
}

static bool moves_raise(const wp_effect *e, int event)
{
    switch (e->kind) {
    case WP_EFFECT_DIE: return event == WP_EVENT_DIED || event == WP_EVENT_LEFT_WITHOUT_ADULTS;
    case WP_EFFECT_BIRTH: return event == WP_EVENT_BORN;
    case WP_EFFECT_JOIN: return event == WP_EVENT_COUPLE_FORMED;
    case WP_EFFECT_SEPARATE: return event == WP_EVENT_SEPARATED || event == WP_EVENT_LEFT_WITHOUT_ADULTS;
    case WP_EFFECT_MOVE:
        return event == (e->to == WP_TO_OUTSIDE ? WP_EVENT_MOVED_OUT : WP_EVENT_MOVED_HOME) ||
               event == WP_EVENT_LEFT_WITHOUT_ADULTS;
    default: return false;
    }
}

/* Do these effects bring about the occasion, at the same instant? */
static bool effects_cause(const wp_effects *effects, const wp_occasion *at)
{
    for (int i = 0; i < effects->n; i++) {
        const wp_effect *e = &effects->list[i];
        if (at->kind == WP_AT_ENTERS && e->kind == WP_EFFECT_SET && set_enters(e, at)) { return true; }
        if (at->kind == WP_AT_EVENT && moves_raise(e, at->event)) { return true; }
        if (e->kind == WP_EFFECT_FOR && effects_cause(&e->body, at)) { return true; }
    }
    return false;
}

static bool process_causes(const wp_process *p, const wp_occasion *at)
{
    if (at->kind == WP_AT_EVENT && at->event == p->event) { return true; }
    for (int i = 0; i < p->n_options; i++) {
        if (at->kind == WP_AT_EVENT && at->event == p->options[i].event) { return true; }
        if (effects_cause(&p->options[i].then, at)) { return true; }
    }
    return effects_cause(&p->then, at);
}

typedef struct search {
    wp_reader *r;
    int *state; /* 0 new, 1 on the path, 2 done */
    int *path;
    int n;
} search;

static void report_circle(search *s, int from, int to)
{
    const wp_process *processes = s->r->names->processes;
    const char *text = processes[s->path[from]].name;
    for (int i = from + 1; i < s->n && i < from + 8; i++) {
        text = wp_reader_format(s->r, "%s, %s", text, processes[s->path[i]].name);
    }
    if (s->n - from > 1) {
        wp_report_error(s->r, s->r->names->keys[WP_NAME_PROCESS][to],
                        "process '%s' causes itself at one instant, in a circle: %s", processes[to].name,
                        text);
    } else {
        wp_report_error(s->r, s->r->names->keys[WP_NAME_PROCESS][to],
                        "process '%s' causes itself at one instant", processes[to].name);
    }
}

/* Depth first, with a path of its own instead of recursion: a chain may be as long as there are processes. */
static void look_for_circles(search *s, int start, int *next)
{
    const wp_process *processes = s->r->names->processes;
    int n = s->r->names->n[WP_NAME_PROCESS];
    s->n = 0;
    s->path[s->n++] = start;
    s->state[start] = 1;
    next[start] = 0;
    while (s->n > 0) {
        int p = s->path[s->n - 1];
        int q = next[p];
        if (q == n) {
            s->state[p] = 2;
            s->n--;
            continue;
        }
        next[p]++;
        if (processes[q].kind != WP_PROCESS_AT_EVENT || s->state[q] == 2 ||
            !process_causes(&processes[p], &processes[q].at)) {
            continue;
        }
        if (s->state[q] == 0) {
            s->state[q] = 1;
            next[q] = 0;
            s->path[s->n++] = q;
            continue;
        }
        for (int i = 0; i < s->n; i++) {
            if (s->path[i] == q) { report_circle(s, i, q); }
        }
    }
}

static void check_circles(wp_reader *r)
{
    size_t n = (size_t)r->names->n[WP_NAME_PROCESS];
    search s = {.r = r};
    s.state = wp_reader_scratch(r, n, sizeof *s.state);
    s.path = wp_reader_scratch(r, n, sizeof *s.path);
    int *next = wp_reader_scratch(r, n, sizeof *next);
    if (s.state == NULL || s.path == NULL || next == NULL) { return; }
    for (size_t i = 0; i < n; i++) {
        if (r->names->processes[i].kind == WP_PROCESS_AT_EVENT && s.state[i] == 0) {
            look_for_circles(&s, (int)i, next);
        }
    }
}

/* ---- Two schedules that set one state ------------------------------------------------------------- */

static bool comes_at(const wp_occasion *at, double time)
{
    if (at->kind == WP_AT_DATE) { return fabs(at->date - time) < 1e-9; }
    double k = (time - at->from) / at->every;
    return k > -1e-6 && fabs(k - round(k)) < 1e-6;
}

/* Can both come at one instant, as the file shows? Ages meet ages; dates and cycles meet each other. */
static bool may_coincide(const wp_reader *r, const wp_occasion *a, const wp_occasion *b)
{
    if (a->kind == WP_AT_AGE || b->kind == WP_AT_AGE) {
        return a->kind == b->kind && fabs(a->age - b->age) < 1e-9;
    }
    if (a->kind == WP_AT_DATE) { return comes_at(b, a->date); }
    if (b->kind == WP_AT_DATE) { return comes_at(a, b->date); }
    if (!(a->every > 0.0) || !(b->every > 0.0)) { return false; }
    const wp_occasion *slow = a->every >= b->every ? a : b;
    const wp_occasion *fast = a->every >= b->every ? b : a;
    for (double t = slow->from; t <= (double)r->scenario->n_years + 1e-9; t += slow->every) {
        if (comes_at(fast, t)) { return true; }
    }
    return false;
}

/* A state of the subject itself that both processes set, or -1. */
static int set_by_both(const wp_process *a, const wp_process *b)
{
    for (int i = -1; i < a->n_options; i++) {
        const wp_effects *effects = i < 0 ? &a->then : &a->options[i].then;
        for (int k = 0; k < effects->n; k++) {
            const wp_effect *e = &effects->list[k];
            if (e->kind != WP_EFFECT_SET || e->whose != WP_SELF) { continue; }
            for (int j = -1; j < b->n_options; j++) {
                if (wp_effects_set(j < 0 ? &b->then : &b->options[j].then, WP_SELF, e->variable)) {
                    return e->variable;
                }
            }
        }
    }
    return -1;
}

/* Compares at most so many pairs that set one state; a run reports what is not seen here. */
static void check_schedules(wp_reader *r)
{
    enum { MAX_PAIRS = 20000, MAX_FOUND = 100 };
    int n_pairs = 0;
    int n_found = 0;
    wp_process *list = r->names->processes;
    for (int i = 0; i < r->names->n[WP_NAME_PROCESS]; i++) {
        for (int k = 0; k < i && n_pairs < MAX_PAIRS && n_found < MAX_FOUND; k++) {
            const wp_process *a = &list[k];
            const wp_process *b = &list[i];
            bool ordered = a->has_order && b->has_order && fabs(a->order - b->order) > 0.0;
            if (a->kind != WP_PROCESS_SCHEDULE || b->kind != WP_PROCESS_SCHEDULE || a->of != b->of ||
                ordered) {
                continue;
            }
            int variable = set_by_both(a, b);
            n_pairs += variable >= 0 ? 1 : 0;
            if (variable < 0 || !may_coincide(r, &a->at, &b->at) ||
                !wp_condition_may_both_hold(r, a->when, b->when)) {
                continue;
            }
            n_found++;
            wp_report_error(
                r, r->names->keys[WP_NAME_PROCESS][i],
                "'%s' and '%s' can set '%s' at the same instant; give both an 'order' (a number; the lower "
                "comes first)",
                a->name, b->name, r->names->variables[variable].name);
        }
    }
}

/* ---- Competing hazards ------------------------------------------------------------------------------ */

static void check_competing(wp_reader *r)
{
    const wp_process *list = r->names->processes;
    for (int i = 0; i < r->names->n[WP_NAME_PROCESS]; i++) {
        const wp_quantity *q = &list[i].hazard;
        if (list[i].kind != WP_PROCESS_HAZARD) { continue; }
        const wp_node *hazard = wp_node_get(r->names->nodes[WP_NAME_PROCESS][i], "hazard");
        const wp_node *at = wp_node_get(hazard, "competing");
        for (int k = 0; k < q->n_competing; k++) {
            const wp_process *other = &list[q->competing[k]];
            const wp_node *item = wp_node_at(at, k);
            if (other == &list[i]) {
                wp_report_error(r, item, "'%s' cannot compete with itself", other->name);
            } else if (other->of != list[i].of) {
                wp_report_error(r, item, "'%s' is of a %s, so it does not compete with '%s'", other->name,
                                wp_subject_name(other->of), list[i].name);
            } else if (other->kind != WP_PROCESS_HAZARD ||
                       other->hazard.kind != WP_QUANTITY_RATE_OF_PROBABILITY ||
                       fabs(other->hazard.over - q->over) > 1e-12) {
                wp_report_error(
                    r, item,
                    "'%s' must be a hazard given as a probability over the same time to compete with "
                    "'%s'",
                    other->name, list[i].name);
            }
        }
    }
}

void wp_processes_check(wp_reader *r)
{
    check_circles(r);
    check_schedules(r);
    check_competing(r);
}
