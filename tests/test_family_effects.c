/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effects inside a family: where abuse ends in a home, what follows for its children is another, and by as much as the
   children's own past explains. On the scenario library: West Cheshire, with what abuse does to childhood. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "assert_close.h"
#include "engine_run.h"
#include "parallel/simulate_run.h"

enum { N_PASTS = 3 };
static const char *const pasts[N_PASTS] = {"never", "brief", "long"};

static const char *const with_an_end_to_abuse[] = {
    "  - ../../interventions/perpetrator-programme.yaml\n",
    "  - ../../interventions/perpetrator-programme.yaml\n  - ../../modules/abuse-and-childhood.yaml\n",
    "\narms:\n",
    "\ninterventions:\n"
    "  safe_homes:\n"
    "    of: household\n"
    "    starts: 2012-04-01\n"
    "    offer: everyone\n"
    "    changes: {abuse_ends: {multiply_hazard: [50]}}\n"
    "outcomes:\n"
    "  assessed_by_past:  {events: assessed_at_five, by: abuse_as_child}\n"
    "  not_ready_by_past: {events: assessed_at_five.not_ready, by: abuse_as_child}\n"
    "arms:\n"
    "  safe: [safe_homes]\n",
    NULL};

static wp_run_data data;

static int simulate(void **state)
{
    (void)state;
    static const char *const arms[] = {"safe"};
    const wp_run_options options = {.draws = 1, .arms = arms, .n_arms = 1};
    wp_scenario *scenario =
        read_changed_scenario(WP_SCENARIOS_DIR "/places/west-cheshire/domestic-abuse.yaml", with_an_end_to_abuse);
    run_engine(scenario, &options, &data, NULL);
    wp_scenario_free(scenario);
    return 0;
}

static int forget(void **state)
{
    (void)state;
    wp_simulate_free(&data);
    return 0;
}

static double events(const char *outcome, int arm)
{
    return engine_total(&data, arm, find_outcome(&data, outcome), -1) / 2.0;
}

/* Events of those with this past, all years. */
static double events_of(const char *outcome, int arm, const char *past)
{
    const int o = find_outcome(&data, outcome);
    int64_t sum = 0;
    for (int c = 0; c < data.n_cells; c++) {
        const bool is_it = data.cell_outcome[c] == o && strcmp(data.cell_grouping[c], "by level") == 0 &&
                           strcmp(data.cell_label[c], past) == 0;
        for (int y = 0; y < data.n_years && is_it; y++) {
            sum += data.cells[((size_t)arm * (size_t)data.n_years + (size_t)y) * (size_t)data.n_cells + (size_t)c];
        }
    }
    return (double)sum / 2.0;
}

/* Arms share their lives, so a difference has the variance of the children whose outcome it changes, not of all. */
static void children_are_spared_what_follows(void **state)
{
    (void)state;
    static const char *const outcomes[] = {"long_childhoods_with_abuse", "in_need_starts", "not_ready_children"};
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
        const double as_it_is = events(outcomes[i], 0), safe = events(outcomes[i], 1);
        print_message("%s: %.0f, and %.0f where abuse ends\n", outcomes[i], as_it_is, safe);
        assert_true(safe < as_it_is);
    }
    /* a child in need is in need more often for the years it lives with abuse: hundreds of about ten thousand */
    assert_true(events("in_need_starts", 1) < 0.95 * events("in_need_starts", 0));
}

static void readiness_changes_by_what_the_past_explains(void **state)
{
    (void)state;
    double explained = 0.0, variance = 0.0, not_ready[2] = {0.0, 0.0};
    for (int p = 0; p < N_PASTS; p++) {
        const double n = events_of("assessed_by_past", 0, pasts[p]);
        const double share = events_of("not_ready_by_past", 0, pasts[p]) / n;
        const double more = events_of("assessed_by_past", 1, pasts[p]) - n;
        assert_true(n > 100.0);
        explained += more * share;
        variance += more * more * share * (1.0 - share) / n;
        for (int arm = 0; arm < 2; arm++) { not_ready[arm] += events_of("not_ready_by_past", arm, pasts[p]); }
    }
    const double changed = not_ready[1] - not_ready[0];
    print_message("children not ready: %.0f fewer, their pasts explain %.0f\n", -changed, -explained);
    assert_true(not_ready[0] == events("not_ready_children", 0));
    assert_within_se(changed, explained, sqrt(variance + fabs(changed)));
    assert_true(changed < 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_are_spared_what_follows),
        cmocka_unit_test(readiness_changes_by_what_the_past_explains),
    };
    return cmocka_run_group_tests(tests, simulate, forget);
}
