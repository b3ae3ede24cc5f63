/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names: finding them, and saying which one was probably meant. The first pass is in collect.c. */
#include "scenario/names.h"

#include <string.h>

#include "scenario/number.h"

enum { MAX_UNKNOWN = 1000 };

static const char *const KIND_TITLE[WP_N_NAME_KINDS] = {
    "attribute or state", "multiplier", "group", "parameter", "process", "event", "pool", "indicator",
    "intervention"};

int wp_names_find(const wp_reader *r, wp_name_kind kind, const char *name)
{
    const wp_names *names = r->names;
    int low = 0;
    int high = names->n[kind];
    while (low < high) {
        int middle = low + (high - low) / 2;
        int index = names->by_name[kind][middle];
        int order = strcmp(name, names->texts[kind][index]);
        if (order == 0) { return index; }
        if (order < 0) { high = middle; } else { low = middle + 1; }
    }
    return -1;
}

/* True the first time that `name` is unknown as a `what`. */
static bool first_report(wp_reader *r, const char *what, const char *name)
{
    wp_names *names = r->names;
    size_t n_what = strlen(what);
    for (int i = 0; i < names->n_unknown; i++) {
        const char *seen = names->unknown[i];
        if (strncmp(seen, what, n_what) == 0 && seen[n_what] == ':' && strcmp(seen + n_what + 1, name) == 0) {
            return false;
        }
    }
    if (names->n_unknown == names->unknown_room) {
        int room = names->unknown_room * 2 + 16;
        const char **larger = wp_reader_scratch(r, (size_t)room, sizeof *larger);
        if (larger == NULL) { return true; }
        if (names->n_unknown > 0) {
            memcpy(larger, names->unknown, (size_t)names->n_unknown * sizeof *larger);
        }
        names->unknown = larger;
        names->unknown_room = room;
    }
    names->unknown[names->n_unknown++] = wp_reader_format(r, "%s:%s", what, name);
    return true;
}

void wp_names_unknown(wp_reader *r, const wp_node *at, const char *what, const char *name,
                      const char *const *candidates, int n)
{
    if (r->names->n_unknown >= MAX_UNKNOWN) { /* a hostile file: no long searches any more */
        wp_report_error(r, at, "unknown %s '%s'", what, name);
    } else if (first_report(r, what, name)) {
        wp_report_error(r, at, "unknown %s '%s'%s", what, name, wp_report_nearest(r, name, candidates, n));
    }
}

int wp_names_need(wp_reader *r, const wp_node *at, wp_name_kind kind, const char *name)
{
    int index = wp_names_find(r, kind, name);
    if (index < 0) {
        wp_names_unknown(r, at, KIND_TITLE[kind], name, r->names->texts[kind], r->names->n[kind]);
    }
    return index;
}

int wp_names_find_level(const wp_reader *r, int variable, const char *word)
{
    const wp_variable *v = &r->names->variables[variable];
    for (int i = 0; i < v->n_levels; i++) {
        if (strcmp(v->levels[i], word) == 0) { return i; }
    }
    return -1;
}

int wp_names_need_level(wp_reader *r, const wp_node *at, int variable, const char *word)
{
    const wp_variable *v = &r->names->variables[variable];
    int level = wp_names_find_level(r, variable, word);
    if (level >= 0 || v->n_levels == 0 || !wp_level_check(r, at)) { return level; }
    wp_report_error(r, at, "'%s' has no level '%s'%s", v->name, word,
                    wp_report_nearest(r, word, v->levels, v->n_levels));
    const char *list = v->levels[0];
    for (int i = 1; i < v->n_levels && i < 12; i++) {
        list = wp_reader_format(r, "%s, %s", list, v->levels[i]);
    }
    wp_report_hint(r, "its levels are: %s%s", list, v->n_levels > 12 ? ", …" : "");
    return -1;
}

bool wp_names_process_option(wp_reader *r, const wp_node *at, const char *text, int *process, int *option)
{
    *option = -1;
    *process = wp_names_find(r, WP_NAME_PROCESS, text);
    const char *dot = strchr(text, '.');
    if (*process >= 0) { return true; }
    if (dot == NULL) {
        *process = wp_names_need(r, at, WP_NAME_PROCESS, text);
        return false;
    }
    const char *name = wp_reader_format(r, "%.*s", (int)(dot - text), text);
    *process = wp_names_need(r, at, WP_NAME_PROCESS, name);
    if (*process < 0) { return false; }
    const wp_process *p = &r->names->processes[*process];
    const char **answers = wp_reader_scratch(r, (size_t)p->n_options, sizeof *answers);
    if (answers == NULL) { return false; }
    for (int i = 0; i < p->n_options; i++) {
        answers[i] = p->options[i].name;
        if (strcmp(answers[i], dot + 1) == 0) { *option = i; }
    }
    if (*option < 0) {
        if (p->n_options == 0) {
            wp_report_error(r, at, "process '%s' has no answers ('choose'), so there is no '%s'", name, text);
        } else {
            wp_report_error(r, at, "process '%s' has no answer '%s'%s", name, dot + 1,
                            wp_report_nearest(r, dot + 1, answers, p->n_options));
        }
    }
    return *option >= 0;
}

const char *wp_subject_name(wp_subject_kind of)
{
    static const char *const NAMES[] = {"person", "household", "couple", "place"};
    return of < WP_N_SUBJECT_KINDS ? NAMES[of] : "anyone";
}
