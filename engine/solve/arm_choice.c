/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing an arm. */
#include "solve/arm_choice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fail.h"
#include "base/unknown_name.h"
#include "money/figure.h"

static wp_status say_which_arm(int n_arms, const char *const *arms, wp_error *err)
{
    char list[300] = "";
    size_t at = 0;
    for (int a = 1; a < n_arms && at + strlen(arms[a]) + 3 < sizeof list; a++) {
        at += (size_t)snprintf(list + at, sizeof list - at, "%s%s", a > 1 ? ", " : "", arms[a]);
    }
    return wp_fail(err, WP_ERR_ARGUMENT, "there are %d arms beside the baseline; say which with --arm: %s",
                   n_arms - 1, list);
}

wp_status wp_arm_choose(const wp_run_data *data, const char *wished, int *arm, wp_error *err)
{
    if (wished == NULL && data->n_arms == 2) {
        *arm = 1;
        return WP_OK;
    }
    if (wished == NULL) { return say_which_arm(data->n_arms, (const char *const *)data->arms, err); }
    *arm = wp_name_index(data->arms, data->n_arms, wished);
    if (*arm > 0) { return WP_OK; }
    if (*arm == 0) {
        return wp_fail(err, WP_ERR_ARGUMENT, "'%s' is the baseline, against which others save", wished);
    }
    return wp_fail_unknown(err, "arm", wished, (const char *const *)data->arms, (size_t)data->n_arms);
}

wp_status wp_arm_choose_in(const wp_scenario *scenario, const char *wished, int *arm, wp_error *err)
{
    wp_status status = WP_OK;
    const char **names = wp_calloc_array((size_t)scenario->n_arms, sizeof *names);
    WP_TRY_ALLOC(names);
    for (int a = 0; a < scenario->n_arms; a++) { names[a] = scenario->arms[a].name; }
    const wp_run_data arms = {.n_arms = scenario->n_arms, .arms = (char **)names};
    WP_TRY(wp_arm_choose(&arms, wished, arm, err));
out:
    free(names);
    return status;
}

int wp_arms_of_figure(const wp_scenario *scenario, const wp_figure *figure, const char *names[WP_MAX_FIGURE_ARMS])
{
    const wp_figure *const both[2] = {figure, figure->over};
    int n = 0;
    for (int i = 0; i < 2 && both[i] != NULL; i++) {
        if (both[i]->arm > 0) { names[n++] = scenario->arms[both[i]->arm].name; }
        if (both[i]->against > 0) { names[n++] = scenario->arms[both[i]->against].name; }
    }
    if (n == 0) { names[n++] = scenario->arms[0].name; }
    return n;
}
