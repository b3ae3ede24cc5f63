/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ends a level: for each level of a state in equilibrium the processes of its own subject that change it,
   and whether these have an equilibrium that the engine draws from: hazards, or one delay, or one Weibull hazard. */
#include "scenario/spell_rules.h"

#include <string.h>

#include "scenario/condition.h"

typedef struct search {
    wp_reader *r;
    int variable, level;       /* whose ways out are looked for */
    const wp_node *at;         /* time_at_start, for messages */
    wp_exit *exits;            /* [processes] */
    int n_exits;
} search;

/* What to write instead, after an error. */
static void hint(search *s)
{
    wp_report_hint(s->r,
                   "give the founders' times as a distribution, such as {exponential: {mean: 3 years}}");
}

static const wp_process *process_of(const search *s, int exit)
{
    return &s->r->names->processes[s->exits[exit].process];
}

/* ---- Which effects change a level --------------------------------------------------------------- */

static bool leaves(const search *s, const wp_effect *e)
{
    const wp_variable *v = &s->r->names->variables[s->variable];
    switch (e->how) {
    case WP_SET_LEVEL: return e->level != s->level;
    case WP_SET_NEXT: return s->level + 1 < v->n_levels;
    case WP_SET_PREVIOUS: return s->level > 0;
    case WP_SET_AT_LEAST: return s->level < e->level;
    case WP_SET_AT_MOST: return s->level > e->level;
    case WP_SET_SAME_AS: return true;
    }
    return false;
}

/* Do the effects take their subject out of the level? `*uncertain`: only under a further condition. */
static bool effects_leave(const search *s, const wp_effects *effects, bool *uncertain)
{
    bool any = false;
    for (int i = 0; i < effects->n; i++) {
        const wp_effect *e = &effects->list[i];
        if (e->kind != WP_EFFECT_SET || e->variable != s->variable || e->whose != WP_SELF || !leaves(s, e)) {
            continue;
        }
        any = true;
        *uncertain = *uncertain || e->when != NULL || e->how == WP_SET_SAME_AS;
    }
    return any;
}

/* Do they, or what they do to others or ask for, set the state of anybody? `own`: also of the subject itself. */
static bool effects_touch(const search *s, const wp_effects *effects, bool own)
{
    for (int i = 0; i < effects->n; i++) {
        const wp_effect *e = &effects->list[i];
        if (e->kind == WP_EFFECT_SET && e->variable == s->variable && (own || e->whose != WP_SELF)) {
            return true;
        }
        if (effects_touch(s, &e->body, true) || effects_touch(s, &e->otherwise, true)) { return true; }
    }
    return false;
}

static bool process_touches(const search *s, const wp_process *p, bool own)
{
    bool any = effects_touch(s, &p->then, own);
    for (int o = 0; o < p->n_options; o++) { any = any || effects_touch(s, &p->options[o].then, own); }
    return any;
}

/* ---- One level ----------------------------------------------------------------------------------- */

static bool has_own_clock(const search *s, const wp_process *p)
{
    const wp_variable *v = &s->r->names->variables[s->variable];
    return p->of == v->of && (p->kind == WP_PROCESS_HAZARD || p->kind == WP_PROCESS_DELAY);
}

static bool is_smooth(const wp_process *p)
{
    return p->kind == WP_PROCESS_HAZARD &&
           (p->hazard.kind == WP_QUANTITY_WEIBULL || p->hazard.kind == WP_QUANTITY_GOMPERTZ);
}

/* Notes the process among the ways out where it is one. */
static void look_at_process(search *s, int index)
{
    wp_names *names = s->r->names;
    const wp_process *p = &names->processes[index];
    wp_condition here = {.kind = WP_CONDITION_TEST,
                         .look = {.kind = WP_LOOK_VARIABLE, .whose = WP_SELF, .item = s->variable},
                         .levels = UINT64_C(1) << s->level};
    bool uncertain = false;
    wp_exit exit = {.process = index, .answers = 0};
    if (!has_own_clock(s, p) || !wp_condition_may_both_hold(s->r, p->when, &here)) { return; }
    if (effects_leave(s, &p->then, &uncertain)) { exit.answers = UINT64_MAX; }
    for (int o = 0; o < p->n_options; o++) {
        if (effects_leave(s, &p->options[o].then, &uncertain)) { exit.answers |= UINT64_C(1) << o; }
    }
    if (exit.answers == 0) { return; }
    const char *level = names->variables[s->variable].levels[s->level];
    if (uncertain) {
        wp_report_error(
            s->r, s->at,
            "no equilibrium: '%s' leaves '%s' under a further condition; put that into its 'when'", p->name,
            level);
    }
    for (int o = 0; o < p->n_options && p->kind == WP_PROCESS_DELAY; o++) {
        if ((exit.answers >> o & 1) == 0) {
            wp_report_error(s->r, s->at,
                            "no equilibrium: '%s' comes after a delay and leaves '%s' by some answers only",
                            p->name, level);
            hint(s);
            break;
        }
    }
    s->exits[s->n_exits++] = exit;
}

static bool clock_counts_the_spell(const search *s, const wp_quantity *hazard)
{
    if (hazard->clock_is_when) { return true; }
    return hazard->look.kind == WP_LOOK_TIME_IN && hazard->look.whose == WP_SELF &&
           hazard->look.item == s->variable;
}

/* The form of the level's equilibrium, once all ways out are known. */
static wp_spell_kind kind_of_spell(search *s)
{
    const wp_variable *v = &s->r->names->variables[s->variable];
    const char *level = v->levels[s->level];
    if (s->n_exits == 0 && v->of == WP_HOUSEHOLD) {
        wp_report_error(
            s->r, s->at,
            "no equilibrium: nothing of the household's own ends '%s', and households have no age", level);
        hint(s);
    }
    for (int i = 0; i < s->n_exits; i++) {
        const wp_process *p = process_of(s, i);
        if (p->kind == WP_PROCESS_HAZARD && !is_smooth(p)) { continue; }
        if (s->n_exits > 1) {
            wp_report_error(s->r, s->at,
                            "no equilibrium: '%s' ends by '%s' and by '%s'; a delay, or a hazard that "
                            "changes smoothly, must "
                            "be the only way out",
                            level, p->name, process_of(s, i == 0 ? 1 : 0)->name);
            hint(s);
        } else if (is_smooth(p) &&
                   (p->hazard.kind == WP_QUANTITY_GOMPERTZ || !clock_counts_the_spell(s, &p->hazard))) {
            wp_report_error(s->r, s->at,
                            "no equilibrium: '%s' leaves '%s' by a hazard that changes smoothly; only a "
                            "Weibull hazard of the "
                            "time in '%s' has one",
                            p->name, level, v->name);
            hint(s);
        }
        return is_smooth(p) ? WP_SPELL_SMOOTH : WP_SPELL_DELAY;
    }
    return s->n_exits == 0 ? WP_SPELL_ENDLESS : WP_SPELL_HAZARDS;
}

/* ---- All of a state -------------------------------------------------------------------------------- */

static void find_level(search *s, wp_spell *spell)
{
    wp_reader *r = s->r;
    s->n_exits = 0;
    for (int p = 0; p < r->names->n[WP_NAME_PROCESS]; p++) { look_at_process(s, p); }
    spell->kind = kind_of_spell(s);
    wp_exit *kept = wp_reader_alloc(r, (size_t)s->n_exits, sizeof *kept);
    if (kept == NULL || s->n_exits == 0) { return; }
    memcpy(kept, s->exits, (size_t)s->n_exits * sizeof *kept);
    spell->n_exits = s->n_exits;
    spell->exits = kept;
}

static void warn_of_others(search *s)
{
    const wp_names *names = s->r->names;
    for (int p = 0; p < names->n[WP_NAME_PROCESS]; p++) {
        const wp_process *process = &names->processes[p];
        if (!process_touches(s, process, !has_own_clock(s, process))) { continue; }
        wp_report_warning(
            s->r, names->keys[WP_NAME_PROCESS][p],
            "'%s' can change '%s' other than by a hazard or delay of its own; 'time_at_start: equilibrium' "
            "leaves that out",
            process->name, names->variables[s->variable].name);
    }
}

/* A delay that ends levels of two states would have begun at two times. */
static void check_delays(wp_reader *r, int *ends)
{
    for (int v = 0; v < r->names->n[WP_NAME_VARIABLE]; v++) {
        const wp_variable *variable = &r->names->variables[v];
        for (int l = 0; variable->spells != NULL && l < variable->n_levels; l++) {
            if (variable->spells[l].kind != WP_SPELL_DELAY || variable->spells[l].n_exits == 0) { continue; }
            const int p = variable->spells[l].exits[0].process;
            if (ends[p] != 0 && ends[p] != v + 1) {
                wp_report_error(r, r->names->keys[WP_NAME_PROCESS][p],
                                "no equilibrium: '%s' ends '%s' and '%s', and can have begun with one only",
                                r->names->processes[p].name, r->names->variables[ends[p] - 1].name,
                                variable->name);
            }
            ends[p] = v + 1;
        }
    }
}

void wp_spells_find(wp_reader *r)
{
    const size_t n = (size_t)r->names->n[WP_NAME_PROCESS];
    search s = {.r = r};
    s.exits = wp_reader_scratch(r, n + 1, sizeof *s.exits);
    int *ends = wp_reader_scratch(r, n + 1, sizeof *ends);
    if (s.exits == NULL || ends == NULL) { return; }
    for (int v = 0; v < r->names->n[WP_NAME_VARIABLE]; v++) {
        wp_variable *variable = &r->names->variables[v];
        if (variable->time_at_start != WP_TIME_EQUILIBRIUM) { continue; }
        wp_spell *spells = wp_reader_alloc(r, (size_t)variable->n_levels, sizeof *spells);
        if (spells == NULL) { return; }
        s.variable = v;
        s.at = wp_node_get(r->names->nodes[WP_NAME_VARIABLE][v], "time_at_start");
        for (int l = 0; l < variable->n_levels; l++) {
            s.level = l;
            find_level(&s, &spells[l]);
        }
        variable->spells = spells;
        warn_of_others(&s);
    }
    check_delays(r, ends);
}
