/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a scenario: the order of the sections, and who owns what at the end. */
#include <stdlib.h>

#include "scenario/read_published.h"
#include "scenario/reader.h"

static void (*const sections[])(wp_reader *r) = {
    wp_read_clock,         wp_names_collect,  wp_read_parameters, wp_read_people,   wp_read_pools,
    wp_read_interventions, wp_read_arms,      wp_read_processes, wp_read_runs,       wp_read_population,
    wp_read_arrivals,      wp_read_outcomes,  wp_read_money,      wp_read_published, wp_read_targets,
    wp_read_align,         wp_read_report,    wp_check_whole,
};

typedef struct content {
    const char *path, *text;   /* text NULL: from the disk */
    size_t size;
    bool is_table;             /* of published figures alone */
} content;

/* A module, a place or a table: it has nothing of what only a scenario can say. */
static bool is_part(const wp_reader *r)
{
    return wp_node_get(r->root, "clock") == NULL && wp_node_get(r->root, "arms") == NULL &&
           wp_node_get(r->root, "population") == NULL;
}

static void read_sections(wp_reader *r, const content *c)
{
    wp_documents_read(r, c->path, c->text, c->size);
    /* With a file missing or unreadable nearly every name would be unknown: say the cause alone. */
    if (r->main == NULL || r->is_incomplete) { return; }
    if (c->is_table) {
        if (wp_node_get(r->root, "published") == NULL) {
            wp_report_error(r, NULL, "section 'published' is missing");
        }
        wp_read_published(r);
        return;
    }
    if (is_part(r)) { /* payers, names and years may all be said elsewhere: say the cause alone */
        wp_report_error(r, NULL,
                        "this file is a part: it has no clock, no arms and no population; name a scenario "
                        "that uses it");
        return;
    }
    for (size_t i = 0; i < sizeof sections / sizeof sections[0] && r->status == WP_OK; i++) {
        sections[i](r);
    }
}

static wp_status outcome_of(wp_reader *r, const char *path)
{
    if (r->status != WP_OK) { return r->status; }
    if (r->n_errors_in_all == 0) { return WP_OK; }
    return wp_fail(r->err, WP_ERR_SCENARIO, "'%s' has %d error%s", path, r->n_errors_in_all,
                   r->n_errors_in_all == 1 ? "" : "s");
}

static wp_status read_any(const content *c, wp_scenario **scenario, wp_problems *problems, wp_error *err)
{
    wp_status status = WP_OK;
    wp_reader reader = {.err = err};
    if (scenario != NULL) { *scenario = NULL; }
    if (c->path == NULL || scenario == NULL || problems == NULL || (c->text == NULL && c->size > 0)) {
        return wp_fail(err, WP_ERR_ARGUMENT,
                       "a path, and where to put the scenario and its problems, must be given");
    }
    reader.problems = wp_problem_store_new();
    reader.scenario = calloc(1, sizeof *reader.scenario);
    WP_TRY_ALLOC(reader.problems);
    WP_TRY_ALLOC(reader.scenario);
    wp_arena_init(&reader.scenario->arena, 0);
    wp_arena_init(&reader.scratch, 0);
    read_sections(&reader, c);
    WP_TRY(outcome_of(&reader, c->path));
out:
    if (reader.problems != NULL && (status == WP_OK || status == WP_ERR_SCENARIO)) {
        wp_status taken = wp_problems_take(&reader, problems, err);
        status = taken != WP_OK ? taken : status;
    }
    wp_problem_store_free(reader.problems);
    wp_arena_free(&reader.scratch);
    if (status == WP_OK) {
        *scenario = reader.scenario;
    } else {
        wp_scenario_free(reader.scenario);
    }
    return status;
}

wp_status wp_scenario_read(const char *path, wp_scenario **scenario, wp_problems *problems, wp_error *err)
{
    const content c = {.path = path};
    return read_any(&c, scenario, problems, err);
}

wp_status wp_scenario_read_text(const char *path, const char *text, size_t size, wp_scenario **scenario,
                                wp_problems *problems, wp_error *err)
{
    const content c = {.path = path, .text = text != NULL ? text : "", .size = text != NULL ? size : 0};
    return read_any(&c, scenario, problems, err);
}

wp_status wp_published_table_read(const char *path, wp_scenario **table, wp_problems *problems, wp_error *err)
{
    const content c = {.path = path, .is_table = true};
    return read_any(&c, table, problems, err);
}

const char *wp_scenario_file(const wp_scenario *scenario, int index)
{
    return index >= 0 && index < scenario->n_files ? scenario->files[index].path : NULL;
}

void wp_scenario_free(wp_scenario *scenario)
{
    if (scenario == NULL) { return; }
    wp_arena_free(&scenario->arena);
    free(scenario);
}
