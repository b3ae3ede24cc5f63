/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of uncertain numbers. */
#include "solve/uncertain.h"

#include <string.h>

#include "base/fail.h"
#include "base/text.h"
#include "base/unknown_name.h"
#include "model/draw_uniform.h"

enum { CERTAIN = -2, NOWHERE = -1 };

/* Which group each number is in. */
typedef struct sorter {
    const wp_scenario *scenario;
    wp_arena *arena;
    int n_numbers, n_groups;
    int *group;         /* [number] group, NOWHERE yet, or CERTAIN */
    const char **names; /* [group] NULL: those of its members */
} sorter;

/* ---- Which are together -------------------------------------------------------------------------------- */

static wp_status fail_name(const sorter *s, const char *name, wp_error *err)
{
    wp_status status = WP_OK;
    size_t n = 0;
    const char **names = wp_arena_alloc_array(s->arena, (size_t)s->n_numbers, sizeof *names);
    WP_TRY_ALLOC(names);
    for (int i = 0; i < s->n_numbers; i++) {
        if (s->group[i] != CERTAIN) { names[n++] = wp_number_name(s->scenario, i); }
        if (s->group[i] == CERTAIN && strcmp(wp_number_name(s->scenario, i), name) == 0) {
            return wp_fail(err, WP_ERR_ARGUMENT, "'%s' has no distribution: nothing hinges on it in any draw",
                           name);
        }
    }
    status = wp_fail_unknown(err, "uncertain number", name, names, n);
out:
    return status;
}

/* A parameter and a unit value may have one name: then it is both. */
static wp_status take_name(sorter *s, const char *name, int group, wp_error *err)
{
    bool found = false;
    for (int i = 0; i < s->n_numbers; i++) {
        if (s->group[i] == CERTAIN || strcmp(wp_number_name(s->scenario, i), name) != 0) { continue; }
        if (s->group[i] != NOWHERE) { return wp_fail(err, WP_ERR_ARGUMENT, "'%s' is named twice", name); }
        s->group[i] = group;
        found = true;
    }
    return found ? WP_OK : fail_name(s, name, err);
}

static wp_status take_wished(sorter *s, const char *text, wp_error *err)
{
    wp_status status = WP_OK;
    const int group = s->n_groups++;
    for (const char *at = text, *end = NULL; at != NULL; at = *end == ',' ? end + 1 : NULL) {
        end = strchr(at, ',');
        if (end == NULL) { end = at + strlen(at); }
        if (end == at) {
            return wp_fail(err, WP_ERR_ARGUMENT, "the input '%s' has an empty name between its commas", text);
        }
        const char *name = wp_arena_strndup(s->arena, at, (size_t)(end - at));
        WP_TRY_ALLOC(name);
        WP_TRY(take_name(s, name, group, err));
    }
out:
    return status;
}

static void take_others(sorter *s)
{
    bool is_any = false;
    for (int i = 0; i < s->n_numbers; i++) {
        if (s->group[i] != NOWHERE) { continue; }
        s->group[i] = s->n_groups;
        is_any = true;
    }
    if (is_any) { s->names[s->n_groups++] = "all others"; }
}

/* Each by itself, and then the groups of two that are correlated become one until none is left apart. */
static void take_each(sorter *s)
{
    const wp_scenario *scenario = s->scenario;
    int *numbers = s->group;
    for (int i = 0; i < s->n_numbers; i++) {
        if (numbers[i] == NOWHERE) { numbers[i] = i; }
    }
    for (int c = 0; c < scenario->n_correlations; c++) {
        const int a = numbers[scenario->correlations[c].a], b = numbers[scenario->correlations[c].b];
        for (int i = 0; i < s->n_numbers; i++) {
            if (numbers[i] == (a > b ? a : b)) { numbers[i] = a < b ? a : b; }
        }
    }
    /* A group has the number of its first member, which is its own until here. */
    for (int i = 0; i < s->n_numbers; i++) {
        if (numbers[i] == CERTAIN) { continue; }
        numbers[i] = numbers[i] == i ? s->n_groups++ : numbers[numbers[i]];
    }
}

static wp_status check_correlated(const sorter *s, wp_error *err)
{
    for (int c = 0; c < s->scenario->n_correlations; c++) {
        const wp_correlation *pair = &s->scenario->correlations[c];
        const char *a = wp_number_name(s->scenario, pair->a), *b = wp_number_name(s->scenario, pair->b);
        if (s->group[pair->a] == s->group[pair->b]) { continue; }
        return wp_fail(
            err, WP_ERR_ARGUMENT,
            "'%s' and '%s' are correlated: what one of them does without the other is not defined; take "
            "them together: %s,%s",
            a, b, a, b);
    }
    return WP_OK;
}

/* ---- The groups ---------------------------------------------------------------------------------------- */

static wp_status make_group(const sorter *s, int index, wp_uncertain_group *group, wp_error *err)
{
    wp_status status = WP_OK;
    wp_text name;
    wp_text_init(&name);
    group->members = wp_arena_alloc_array(s->arena, (size_t)s->n_numbers, sizeof *group->members);
    WP_TRY_ALLOC(group->members);
    for (int i = 0; i < s->n_numbers; i++) {
        if (s->group[i] != index) { continue; }
        WP_TRY(wp_text_append_format(&name, err, "%s%s", group->n > 0 ? " + " : "",
                                     wp_number_name(s->scenario, i)));
        group->members[group->n++] = i;
        group->has_parameter |= i < s->scenario->n_parameters;
    }
    group->name = s->names[index] != NULL ? s->names[index] : wp_arena_strdup(s->arena, wp_text_get(&name));
    WP_TRY_ALLOC(group->name);
out:
    wp_text_free(&name);
    return status;
}

wp_status wp_uncertain_init(wp_uncertain *uncertain, const wp_scenario *scenario, const char *const *wished,
                            int n_wished, wp_error *err)
{
    wp_status status = WP_OK;
    const int n = scenario->n_parameters + scenario->n_unit_values;
    *uncertain = (wp_uncertain){0};
    wp_arena_init(&uncertain->arena, 0);
    sorter s = {.scenario = scenario, .arena = &uncertain->arena, .n_numbers = n};
    int n_uncertain = 0;
    s.group = wp_arena_alloc_array(s.arena, (size_t)n, sizeof *s.group);
    s.names = wp_arena_alloc_array(s.arena, (size_t)n + (size_t)n_wished + 1, sizeof *s.names);
    WP_TRY_ALLOC(s.group);
    WP_TRY_ALLOC(s.names);
    for (int i = 0; i < n; i++) {
        s.group[i] = wp_number_distribution(scenario, i)->kind != WP_DISTRIBUTION_NONE ? NOWHERE : CERTAIN;
        n_uncertain += s.group[i] == NOWHERE;
    }
    if (n_uncertain == 0) {
        status = wp_fail(err, WP_ERR_ARGUMENT,
                         "no parameter and no price of this scenario has a distribution: "
                         "nothing hinges on what is not known");
        goto out;
    }
    for (int i = 0; i < n_wished; i++) { WP_TRY(take_wished(&s, wished[i], err)); }
    if (n_wished > 0) {
        take_others(&s);
    } else {
        take_each(&s);
    }
    WP_TRY(check_correlated(&s, err));
    uncertain->groups = wp_arena_alloc_array(s.arena, (size_t)s.n_groups, sizeof *uncertain->groups);
    WP_TRY_ALLOC(uncertain->groups);
    uncertain->n = s.n_groups;
    for (int g = 0; g < s.n_groups; g++) { WP_TRY(make_group(&s, g, &uncertain->groups[g], err)); }
out:
    return status;
}

void wp_uncertain_free(wp_uncertain *uncertain)
{
    wp_arena_free(&uncertain->arena);
    *uncertain = (wp_uncertain){0};
}
