/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hangs on an event that ends its subject. The dead are seen as they were when they died, and what
   follows may touch those whom they leave; it cannot change them. */
#include "scenario/gone.h"

#include <string.h>

/* ---- Which events end their person ------------------------------------------------------------- */

/* Is the subject gone after these effects, whatever the circumstances? */
static bool always_end(const wp_effects *effects)
{
    for (int i = 0; i < effects->n; i++) {
        const wp_effect *e = &effects->list[i];
        if (e->when != NULL) { continue; }
        if (e->kind == WP_EFFECT_DIE || (e->kind == WP_EFFECT_MOVE && e->to == WP_TO_OUTSIDE)) {
            return true;
        }
    }
    return false;
}

static bool all_answers_end(const wp_process *p)
{
    bool all = p->n_options > 0;
    for (int o = 0; o < p->n_options; o++) { all = all && always_end(&p->options[o].then); }
    return all;
}

static bool hangs_on_an_end(const wp_reader *r, const wp_process *p)
{
    return p->kind == WP_PROCESS_AT_EVENT && p->at.kind == WP_AT_EVENT && p->at.event >= 0 &&
           r->names->events[p->at.event].ends_person;
}

static bool mark(wp_reader *r, int event)
{
    if (event < 0 || r->names->events[event].ends_person) { return false; }
    r->names->events[event].ends_person = true;
    return true;
}

/* Marks the events of one process; true if that is new. */
static bool mark_process(wp_reader *r, const wp_process *p)
{
    bool any = false;
    const bool gone = hangs_on_an_end(r, p) || always_end(&p->then);
    if (p->of != WP_PERSON) { return false; }
    if (gone || all_answers_end(p)) { any = mark(r, p->event); }
    for (int o = 0; o < p->n_options; o++) {
        if (gone || always_end(&p->options[o].then)) { any = mark(r, p->options[o].event) || any; }
    }
    return any;
}

/* What hangs on an end is an end in turn: each round adds at least one process. */
static void mark_events(wp_reader *r)
{
    bool any = true;
    mark(r, WP_EVENT_DIED);
    mark(r, WP_EVENT_MOVED_OUT);
    while (any) {
        any = false;
        for (int p = 0; p < r->names->n[WP_NAME_PROCESS]; p++) {
            any = mark_process(r, &r->names->processes[p]) || any;
        }
    }
}

/* ---- What cannot be done then ------------------------------------------------------------------ */

static bool may_follow(const wp_effect *e)
{
    switch (e->kind) {
    case WP_EFFECT_SET: return e->whose == WP_PARTNER || e->whose == WP_OWN_HOUSEHOLD;
    case WP_EFFECT_FOR: return e->who != WP_WHO_CHILDREN_AT_HOME;
    case WP_EFFECT_MOVE: return e->who == WP_WHO_HOUSEHOLD;
    default: return false;
    }
}

static void check_effects(wp_reader *r, const wp_process *p, const wp_effects *effects)
{
    for (int i = 0; i < effects->n; i++) {
        if (may_follow(&effects->list[i])) { continue; }
        wp_report_error_at(
            r, effects->list[i].pos, 1,
            "'%s' hangs on '%s', after which the person is gone; only the partner, the mother and the "
            "household that is left can be changed",
            p->name, r->names->events[p->at.event].name);
        wp_report_hint(r, "for children:  for: {who: household.members.GROUP, do: […]}");
    }
}

/* Does the event end a couple, or the household whose own event it is? */
static bool leaves_nothing(const wp_reader *r, const wp_process *p)
{
    if (p->kind != WP_PROCESS_AT_EVENT || p->at.kind != WP_AT_EVENT || p->at.event < 0) { return false; }
    const wp_event *event = &r->names->events[p->at.event];
    if (p->of == WP_COUPLE) { return event->ends_person || p->at.event == WP_EVENT_SEPARATED; }
    if (p->of != WP_HOUSEHOLD || event->process < 0) { return false; }
    const wp_process *cause = &r->names->processes[event->process];
    return cause->of == WP_HOUSEHOLD &&
           (always_end(&cause->then) ||
            (event->option >= 0 && always_end(&cause->options[event->option].then)));
}

static void check_process(wp_reader *r, int index)
{
    const wp_process *p = &r->names->processes[index];
    if (leaves_nothing(r, p)) {
        const char *of = wp_subject_name(p->of);
        wp_report_error(r, r->names->keys[WP_NAME_PROCESS][index],
                        "'%s' is of a %s, which is no more after '%s'; hang it on the %s", p->name, of,
                        r->names->events[p->at.event].name,
                        p->of == WP_COUPLE ? "persons or the household" : "persons");
    }
    if (p->of != WP_PERSON || !hangs_on_an_end(r, p)) { return; }
    if (p->levels_of >= 0) {
        wp_report_error(r, r->names->keys[WP_NAME_PROCESS][index],
                        "'%s' hangs on '%s', after which the person is gone and has no '%s' to set", p->name,
                        r->names->events[p->at.event].name, r->names->variables[p->levels_of].name);
    }
    for (int o = 0; o < p->n_options && p->levels_of < 0; o++) { check_effects(r, p, &p->options[o].then); }
    check_effects(r, p, &p->then);
}

static void check_offers(wp_reader *r, const wp_intervention *x)
{
    for (int o = 0; o < x->n_offers && x->of == WP_PERSON; o++) {
        const wp_occasion *at = &x->offers[o].at;
        if (at->kind != WP_AT_EVENT || at->event < 0 || !r->names->events[at->event].ends_person) {
            continue;
        }
        wp_report_error_at(r, x->offers[o].pos, 1, "'%s' is offered after '%s', when the person is gone",
                           x->name, r->names->events[at->event].name);
    }
}

void wp_gone_check(wp_reader *r)
{
    mark_events(r);
    for (int p = 0; p < r->names->n[WP_NAME_PROCESS]; p++) { check_process(r, p); }
    for (int v = 0; v < r->names->n[WP_NAME_INTERVENTION]; v++) {
        check_offers(r, &r->names->interventions[v]);
    }
}
