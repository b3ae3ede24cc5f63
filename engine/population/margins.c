/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the scenario's grids to margins of the fit: axes, bands, totals, and shares made numbers. */
#include "population/margins.h"

#include <math.h>
#include <string.h>

#include "base/fail.h"

/* Values whose sum is this near to 1 are shares of the whole. */
static const double share_slack = 0.01;

/* England's households by kind, Census 2011 table KS105EW with its categories merged: used where no
   margin gives kinds. */
static const double england_kinds[WP_N_PRIVATE_KINDS] = {0.303, 0.260, 0.254, 0.106, 0.077};

static int find_variable(const wp_scenario *scenario, wp_subject_kind of, const char *name)
{
    for (int v = 0; v < scenario->n_variables; v++) {
        if (scenario->variables[v].of == of && strcmp(scenario->variables[v].name, name) == 0) { return v; }
    }
    return -1;
}

static int find_level(const wp_variable *variable, const char *name)
{
    for (int level = 0; level < variable->n_levels; level++) {
        if (strcmp(variable->levels[level], name) == 0) { return level; }
    }
    return -1;
}

static bool adds(int *n, int *list, int most, int variable)
{
    for (int k = 0; k < *n; k++) {
        if (list[k] == variable) { return true; }
    }
    if (*n == most) { return false; }
    list[(*n)++] = variable;
    return true;
}

static wp_status cannot_fit(const wp_scenario *scenario, const wp_margin *margin, wp_error *err)
{
    const char *file = margin->pos.file >= 0 && margin->pos.file < scenario->n_files
                           ? scenario->files[margin->pos.file].path : "scenario";
    return wp_fail(err, WP_ERR_POPULATION,
                   "%s:%d: a margin of %s may be by %s (at most %d of the household's variables in all)",
                   file, margin->pos.line, margin->of == WP_PERSON ? "persons" : "households",
                   margin->of == WP_PERSON ? "age, sex (two levels), residence and variables of the household"
                                           : "kind and variables of the household",
                   WP_MAX_AREA_VARIABLES);
}

static wp_status place_axis(wp_layout *self, const wp_margin *margin, const wp_look *look, wp_error *err)
{
    if (margin->of == WP_PERSON && look->kind == WP_LOOK_AGE) { return WP_OK; }
    if (margin->of == WP_HOUSEHOLD && look->kind == WP_LOOK_KIND) { return WP_OK; }
    if (look->kind != WP_LOOK_VARIABLE) { return cannot_fit(self->scenario, margin, err); }
    const wp_variable *variable = &self->scenario->variables[look->item];
    if (variable->of == WP_PERSON) {
        bool is_sex = look->item == self->sex, is_residence = look->item == self->residence;
        if (margin->of != WP_PERSON || !(is_sex || is_residence)) {
            return cannot_fit(self->scenario, margin, err);
        }
        if (is_residence) { self->n_residences = variable->n_levels; }
        return WP_OK;
    }
    if (margin->of == WP_PERSON) {
        return adds(&self->n_area_variables, self->area_variables, WP_MAX_AREA_VARIABLES, look->item)
                   ? WP_OK : cannot_fit(self->scenario, margin, err);
    }
    for (int k = 0; k < self->n_area_variables; k++) {
        if (self->area_variables[k] == look->item) { return WP_OK; }
    }
    return adds(&self->n_extra_variables, self->extra_variables, WP_MAX_EXTRA_VARIABLES, look->item)
               ? WP_OK : cannot_fit(self->scenario, margin, err);
}

wp_status wp_layout_init(wp_layout *layout, const wp_scenario *scenario, wp_error *err)
{
    const wp_population_spec *spec = &scenario->population;
    memset(layout, 0, sizeof *layout);
    layout->scenario = scenario;
    layout->sex = find_variable(scenario, WP_PERSON, "sex");
    layout->residence = find_variable(scenario, WP_PERSON, "residence");
    layout->kind = find_variable(scenario, WP_HOUSEHOLD, "kind");
    layout->n_residences = layout->n_areas = layout->n_extras = 1;
    if (layout->sex >= 0 && scenario->variables[layout->sex].n_levels != 2) { layout->sex = -1; }
    if (layout->sex >= 0) {
        int male = find_level(&scenario->variables[layout->sex], "male");
        layout->female = find_level(&scenario->variables[layout->sex], "female");
        if (layout->female < 0) { layout->female = male == 0 ? 1 : 0; }
    }
    if (layout->residence >= 0) {
        layout->home = find_level(&scenario->variables[layout->residence], "home");
        if (layout->home < 0) { layout->home = 0; }
    }
    for (int of = WP_PERSON; of <= (int)WP_HOUSEHOLD; of++) { /* persons' first: they say what an area is */
        for (int k = 0; k < spec->n_margins; k++) {
            const wp_margin *margin = &spec->margins[k];
            for (int axis = 0; axis < margin->grid->n_axes && (int)margin->of == of; axis++) {
                wp_status status = place_axis(layout, margin, &margin->grid->axes[axis].look, err);
                if (status != WP_OK) { return status; }
            }
        }
    }
    for (int k = 0; k < layout->n_area_variables; k++) {
        layout->n_areas *= scenario->variables[layout->area_variables[k]].n_levels;
    }
    for (int k = 0; k < layout->n_extra_variables; k++) {
        layout->n_extras *= scenario->variables[layout->extra_variables[k]].n_levels;
    }
    return WP_OK;
}

int wp_layout_level(const wp_layout *layout, int n, const int *variables, int combination, int which)
{
    for (int k = n - 1; k > which; k--) { combination /= layout->scenario->variables[variables[k]].n_levels; }
    return combination % layout->scenario->variables[variables[which]].n_levels;
}

/* ---- Margins ------------------------------------------------------------------------------------ */

static int dim_of(const wp_layout *layout, wp_subject_kind of, const wp_look *look)
{
    int n = layout->n_area_variables;
    for (int k = 0; look->kind == WP_LOOK_VARIABLE && k < n; k++) {
        if (layout->area_variables[k] == look->item) { return k; }
    }
    if (of == WP_PERSON) {
        return look->kind == WP_LOOK_AGE ? n + 1 : look->item == layout->sex ? n : n + 2;
    }
    for (int k = 0; look->kind == WP_LOOK_VARIABLE && k < layout->n_extra_variables; k++) {
        if (layout->extra_variables[k] == look->item) { return n + k; }
    }
    return n + layout->n_extra_variables;
}

static const char *margin_name(const wp_layout *layout, const wp_margin *margin, wp_arena *arena)
{
    char text[240] = "";
    size_t at = 0;
    const wp_scenario *scenario = layout->scenario;
    for (int k = -1; k < margin->grid->n_axes && at < sizeof text - 1; k++) {
        const wp_look *look = k < 0 ? NULL : &margin->grid->axes[k].look;
        const char *word = k < 0 ? (margin->of == WP_PERSON ? "persons by " : "households by ")
                           : look->kind == WP_LOOK_AGE    ? "age"
                           : look->kind == WP_LOOK_KIND   ? "kind"
                                                          : scenario->variables[look->item].name;
        const char *comma = k > 0 ? ", " : "";
        for (const char *c = comma; *c != '\0' && at < sizeof text - 1; c++) { text[at++] = *c; }
        for (const char *c = word; *c != '\0' && at < sizeof text - 1; c++) { text[at++] = *c; }
    }
    char line[300];
    bool has_file = margin->pos.file >= 0 && margin->pos.file < scenario->n_files;
    const char *path = has_file ? scenario->files[margin->pos.file].path : "line";
    const char *slash = strrchr(path, '/');
    wp_error place = {0};
    wp_fail(&place, WP_ERR_POPULATION, "%s (%s:%d)", text, slash == NULL ? path : slash + 1,
            margin->pos.line);
    memcpy(line, place.text, sizeof line - 1);
    line[sizeof line - 1] = '\0';
    return wp_arena_strdup(arena, line);
}

static wp_status read_axis(wp_ipf_margin *out, int k, const wp_axis *axis, int dim, int size, wp_arena *arena,
                           wp_error *err)
{
    wp_status status = WP_OK;
    int *bands = NULL;
    out->axes[k] = dim;
    out->n_bands[k] = axis->n_bands;
    WP_TRY_ALLOC(bands = wp_arena_alloc_array(arena, (size_t)size, sizeof *bands));
    for (int level = 0; level < size; level++) {
        bands[level] = axis->bands == NULL && level < axis->n_bands ? level : -1;
        for (int band = 0; axis->bands != NULL && band < axis->n_bands; band++) {
            if (level >= axis->bands[band].lo && level < axis->bands[band].hi) { bands[level] = band; }
        }
    }
    out->bands[k] = bands;
out:
    return status;
}

/* Turns one margin of the scenario into one of the fit. Shares of the whole become numbers of `total`. */
static wp_status read_margin(wp_ipf_margin *out, const wp_margin *margin, const wp_layout *layout,
                             const wp_fit_table *table, double total, wp_arena *arena, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_grid *grid = margin->grid;
    double *wanted = NULL, sum = 0.0;
    WP_TRY_ALLOC(out->name = margin_name(layout, margin, arena));
    out->n_axes = grid->n_axes;
    for (int k = 0; k < grid->n_axes; k++) {
        int dim = dim_of(layout, margin->of, &grid->axes[k].look);
        WP_TRY(read_axis(out, k, &grid->axes[k], dim, table->sizes[dim], arena, err));
    }
    WP_TRY_ALLOC(wanted = wp_arena_alloc_array(arena, (size_t)grid->n_cells, sizeof *wanted));
    for (int cell = 0; cell < grid->n_cells; cell++) {
        wanted[cell] = grid->values[cell];
        if (isnan(wanted[cell]) && grid->has_otherwise) { wanted[cell] = grid->otherwise; }
        sum += isnan(wanted[cell]) ? 0.0 : wanted[cell];
        if (wanted[cell] < 0.0) {
            status =
                wp_fail(err, WP_ERR_POPULATION, "%s has a number below zero (%g)", out->name, wanted[cell]);
            goto out;
        }
    }
    out->shares_of_first = margin->as_shares;
    out->wanted = wanted;
    if (!margin->as_shares && fabs(sum - 1.0) <= share_slack && total > 2.0) {
        for (int cell = 0; cell < grid->n_cells; cell++) { wanted[cell] *= total / sum; }
    }
out:
    return status;
}

static double grid_sum(const wp_grid *grid)
{
    double sum = 0.0;
    for (int cell = 0; cell < grid->n_cells; cell++) {
        sum += isnan(grid->values[cell]) ? 0.0 : grid->values[cell];
    }
    return sum;
}

/* The total: as the scenario says, else the sum of the first margin in numbers. */
static double total_of(const wp_population_spec *spec, wp_subject_kind of)
{
    double total = of == WP_PERSON ? spec->people : spec->households;
    for (int k = 0; k < spec->n_margins && !(total > 0.0); k++) {
        const wp_margin *margin = &spec->margins[k];
        double sum = grid_sum(margin->grid);
        if (margin->of == of && !margin->as_shares && sum > 1.0 + share_slack) { total = sum; }
    }
    return floor(total + 0.5);
}

static wp_status read_margins(wp_fit_table *table, const wp_layout *layout, wp_subject_kind of,
                              const double *total, wp_arena *arena, wp_error *err)
{
    wp_status status = WP_OK;
    const wp_population_spec *spec = &layout->scenario->population;
    size_t most = (size_t)spec->n_margins + 2; /* the total, and England's kinds */
    table->n_cells = 1;
    for (int dim = 0; dim < table->n_dims; dim++) { table->n_cells *= table->sizes[dim]; }
    WP_TRY_ALLOC(table->values = wp_arena_alloc_array(arena, (size_t)table->n_cells, sizeof(double)));
    WP_TRY_ALLOC(table->margins = wp_arena_alloc_array(arena, most, sizeof *table->margins));
    WP_TRY_ALLOC(table->adjusted = wp_arena_alloc_array(arena, most, sizeof *table->adjusted));
    const wp_ipf_margin all = {.name = of == WP_PERSON ? "the total of people" : "the total of households",
                               .wanted = total};
    bool is_given = (of == WP_PERSON ? spec->people : spec->households) > 0.0;
    if (is_given) { table->margins[table->n_margins++] = all; }
    for (int k = 0; k < spec->n_margins; k++) {
        if (spec->margins[k].of != of) { continue; }
        WP_TRY(read_margin(&table->margins[table->n_margins++], &spec->margins[k], layout, table, *total,
                           arena, err));
    }
    /* A total that comes from a margin has nothing to say against it. */
    if (!is_given) { table->margins[table->n_margins++] = all; }
out:
    return status;
}

/* Does the margin name dimension `dim`? */
static bool names(const wp_ipf_margin *margin, int dim)
{
    for (int k = 0; k < margin->n_axes; k++) {
        if (margin->axes[k] == dim) { return true; }
    }
    return false;
}

/* Where nobody can be: outside the bands of a margin that holds everybody, and in an institution where a
   margin of residence says nothing. */
static void seed_persons(wp_fit_table *table, const wp_layout *layout, double total)
{
    int sexes = layout->n_area_variables, residences = sexes + 2;
    for (int cell = 0; cell < table->n_cells; cell++) {
        int residence = cell % layout->n_residences;
        table->values[cell] = wp_shape_people(cell / layout->n_residences % WP_N_AGES);
        for (int k = 0; k < table->n_margins; k++) {
            const wp_ipf_margin *margin = &table->margins[k];
            if (wp_ipf_cell(margin, table->n_dims, table->sizes, cell) >= 0) { continue; }
            double sum = 0.0;
            for (int i = 0; i < wp_ipf_cells(margin); i++) {
                sum += isnan(margin->wanted[i]) ? 0.0 : margin->wanted[i];
            }
            bool holds_all = !margin->shares_of_first && sum > (1.0 - WP_IPF_MAX_DISAGREEMENT) * total;
            bool is_elsewhere = layout->n_residences > 1 && residence != layout->home &&
                                names(margin, residences);
            if (holds_all || is_elsewhere) { table->values[cell] = 0.0; }
        }
    }
}

wp_status wp_margins_of_persons(wp_fit_table *table, const wp_layout *layout, wp_arena *arena,
                                double *people, wp_error *err)
{
    wp_status status = WP_OK;
    double *total = NULL;
    int n = layout->n_area_variables;
    bool has_age = false;
    memset(table, 0, sizeof *table);
    for (int k = 0; k < n; k++) {
        table->sizes[k] = layout->scenario->variables[layout->area_variables[k]].n_levels;
    }
    table->sizes[n] = 2;
    table->sizes[n + 1] = WP_N_AGES;
    table->sizes[n + 2] = layout->n_residences;
    table->n_dims = n + 3;
    WP_TRY_ALLOC(total = wp_arena_alloc(arena, sizeof *total));
    *people = *total = total_of(&layout->scenario->population, WP_PERSON);
    if (!(*total >= 1.0)) {
        status = wp_fail(err, WP_ERR_POPULATION,
                         "a synthetic population needs its number of people, or a margin "
                         "of persons in numbers");
        goto out;
    }
    WP_TRY(read_margins(table, layout, WP_PERSON, total, arena, err));
    for (int k = 0; k < table->n_margins; k++) { has_age = has_age || names(&table->margins[k], n + 1); }
    if (!has_age) {
        status = wp_fail(err, WP_ERR_POPULATION, "a synthetic population needs a margin of persons by age");
        goto out;
    }
    seed_persons(table, layout, *total);
out:
    return status;
}

wp_status wp_margins_of_households(wp_fit_table *table, const wp_layout *layout, double people,
                                   wp_arena *arena, double *households, bool *by_area, wp_error *err)
{
    wp_status status = WP_OK;
    double *total = NULL;
    int n = layout->n_area_variables, kinds = n + layout->n_extra_variables;
    bool has_kind = false, has_area = false;
    memset(table, 0, sizeof *table);
    for (int k = 0; k < n; k++) {
        table->sizes[k] = layout->scenario->variables[layout->area_variables[k]].n_levels;
    }
    for (int k = 0; k < layout->n_extra_variables; k++) {
        table->sizes[n + k] = layout->scenario->variables[layout->extra_variables[k]].n_levels;
    }
    table->sizes[kinds] = WP_N_PRIVATE_KINDS;
    table->n_dims = kinds + 1;
    WP_TRY_ALLOC(total = wp_arena_alloc(arena, sizeof *total));
    *total = total_of(&layout->scenario->population, WP_HOUSEHOLD);
    if (!(*total >= 1.0)) { *total = floor(people / WP_PEOPLE_PER_HOUSEHOLD + 0.5); }
    *households = *total;
    WP_TRY(read_margins(table, layout, WP_HOUSEHOLD, total, arena, err));
    for (int k = 0; k < table->n_margins; k++) {
        has_kind = has_kind || names(&table->margins[k], kinds);
        for (int dim = 0; dim < n; dim++) { has_area = has_area || names(&table->margins[k], dim); }
    }
    if (!has_kind) {
        wp_ipf_margin *margin = &table->margins[table->n_margins++];
        *margin = (wp_ipf_margin){.name = "households by kind, as in England 2011 (assumed)", .n_axes = 1,
                                  .axes = {kinds}, .n_bands = {WP_N_PRIVATE_KINDS}, .wanted = england_kinds,
                                  .shares_of_first = true};
    }
    for (int cell = 0; cell < table->n_cells; cell++) { table->values[cell] = 1.0; }
    if (by_area != NULL) { *by_area = has_area; }
out:
    return status;
}
