/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws a scenario piece by piece; every piece is in the language, and none depends on what is left out. */
#include "generator/scenario_generator.h"

#include <gsl/gsl_rng.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct maker {
    gsl_rng *rng;
    wp_text *text;
    wp_error *err;
    wp_status status;
    int n_households, n_members;
    bool has_pools, has_rates, has_capacities;
} maker;

__attribute__((format(printf, 2, 3))) static void say(maker *m, const char *format, ...)
{
    char piece[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    if (m->status == WP_OK) { m->status = wp_text_append(m->text, piece, m->err); }
}

static double between(maker *m, double lo, double hi)
{
    return lo + (hi - lo) * gsl_rng_uniform(m->rng);
}

static int whole(maker *m, int lo, int hi)
{
    return lo + (int)gsl_rng_uniform_int(m->rng, (unsigned long)(hi - lo + 1));
}

static bool often(maker *m, double p)
{
    return gsl_rng_uniform(m->rng) < p;
}

static const char *one_of(maker *m, const char *const *list, int n)
{
    return list[whole(m, 0, n - 1)];
}

static const char *const factor_forms[] = {
    "{when: {partner.mood: bad}, value: %.3f}",
    "{when: {mother.mood: bad}, value: %.3f}",
    "{when: {household.debt: owing}, value: %.3f}",
    "{by: household.number_of.low, values: {0: 1, 1: %.3f, 2+: 1.9}}",
    "{by: age, values: {0-17: 0.7, 18-44: %.3f, 45+: 1.3}}",
    "{when: {any_of: [{household.size: 5+}, {has_no: partner}]}, value: %.3f}",
    "{by: slip in last 12 months, values: {0: 1, 1: %.3f, 2+: 1.8}}",
    "{by: time in mood, values: {0-6 months: 1.4, 6-30 months: %.3f, 30+ months: 0.8}}",
    "{when: {time since slip: 0-4 months}, value: %.3f}",
    "{when: {household.kind: [lone_parent, single]}, value: %.3f}",
    "{when: {time since start: 2-4 years}, value: %.3f}",
    "{by: frailty}",
};

static void factors(maker *m)
{
    enum { N = sizeof factor_forms / sizeof *factor_forms };
    int first = whole(m, 0, N - 1), second = whole(m, 0, N - 1);
    say(m, "multiply_hazard: [");
    if (m->has_rates && often(m, 0.4)) {
        say(m, "{by: gloom, values: {0-0.30: 1, 0.30-0.40: %.3f, 0.40+: %.3f}}, ", between(m, 0.8, 1.5), between(m, 0.5, 2));
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
    say(m, factor_forms[first], between(m, 0.4, 2.5));
    if (second != first) {
        say(m, ", ");
        say(m, factor_forms[second], between(m, 0.4, 2.5));
    }
#pragma GCC diagnostic pop
    say(m, "]");
}

static void members(maker *m)
{
    static const char *const labels[] = {"a", "b", "c", "d", "e", "f"};
    m->n_members = whole(m, 3, 6);
    say(m, "population:\n  cohort:\n    households: %d\n    members:\n", m->n_households);
    for (int i = 0; i < m->n_members; i++) {
        double age = i < 2 ? between(m, 20, 45) : between(m, 0.1, 19.9);
        say(m, "      - {label: %s, age: %.2f years, sex: %s", labels[i], age, i % 2 == 0 ? "female" : "male");
        if (i < 2) { say(m, ", partner: %s", labels[1 - i]); }
        if (i >= 2 && often(m, 0.8)) { say(m, ", mother: a"); }
        say(m, "}\n");
    }
}

static void people(maker *m)
{
    say(m, "person:\n  attributes:\n    sex: {levels: [female, male], at_start: {female: 0.5, male: 0.5}}\n"
           "    frailty: {multiplier: {%s: {mean: 1, cv: %.2f}}}\n"
           "  states:\n    mood: {levels: [good, bad], at_start: {good: 0.7, bad: 0.3}, time_at_start: zero}\n"
           "    stay: {levels: [out, in, long], at_start: out}\n"
           "    mark: {levels: [none_yet, some, much], at_start: none_yet}\n",
        often(m, 0.5) ? "gamma" : "lognormal", between(m, 0.3, 1.2));
    say(m, "household:\n  states:\n    debt: {levels: [clear, owing], at_start: {clear: 0.6, owing: 0.4}, at_new_household: %s}\n",
        often(m, 0.5) ? "clear" : "as before");
    say(m, "groups:\n  low: {mood: bad}\n  children: {age: 0-17}\n  grown: {age: 18+}\n");
}

static void moods(maker *m)
{
    say(m, "  slip: {of: person, hazard: %.3f per year, ", between(m, 0.1, 0.8));
    factors(m);
    say(m, ", then: [{set: {mark: next}}]}\n  sours: {of: person, when: {mood: good}, hazard: %.3f per year, ", between(m, 0.1, 0.6));
    factors(m);
    say(m, ", then: [{set: {mood: bad}}]}\n  cheers: {of: person, when: {mood: bad}, hazard: %.3f per year, ", between(m, 0.2, 1.2));
    factors(m);
    say(m, ", then: [{set: {mood: good}}%s]}\n", often(m, 0.4) ? ", {for: {who: children_at_home, do: [{set: {mark: previous}}]}}" : "");
    say(m, "  owes: {of: household, when: {debt: clear}, hazard: {by: number_of.low, values: {0: %.3f, 1: %.3f, 2+: %.3f}, unit: per year}, then: [{set: {debt: owing}}]}\n",
        between(m, 0.02, 0.2), between(m, 0.1, 0.4), between(m, 0.2, 0.8));
    say(m, "  pays: {of: household, when: {debt: owing}, %s, then: [{set: {debt: clear}}]}\n",
        often(m, 0.5) ? "hazard: 0.4 per year" : "delay: {gamma: {mean: 11 months, cv: 0.7}}");
}

static void stays(maker *m)
{
    static const char *const delays[] = {"{gamma: {mean: 5 months, cv: 1.3}}", "{lognormal: {mean: 60 days, cv: 0.8}}",
                                         "{weibull: {shape: 0.8, scale: 4 months}}", "100 days",
                                         "{exponential: {mean: 3 months}}"};
    say(m, "  goes_in: {of: person, when: {stay: out}, hazard: %.3f per year, ", between(m, 0.2, 1));
    factors(m);
    say(m, ", choose: {short: {probability: 0.6, then: [{set: {stay: in}}]}, long: {probability: otherwise, then: [{set: {stay: long}}]}}}\n");
    say(m, "  comes_out: {of: person, when: {stay: in}, delay: %s, multiply_delay: [{when: {mood: bad}, value: %.2f}], then: [{set: {stay: out}}]}\n",
        one_of(m, delays, 5), between(m, 0.5, 2));
    say(m, "  ends_long: {of: person, when: {stay: long}, hazard: {weibull: {shape: %.2f, scale: 1.1 years}, clock: time in stay}, then: [{set: {stay: out}}]}\n",
        between(m, 0.7, 2.5));
    say(m, "  visit: {of: person, at: {event: comes_out}, choose: {useful: {probability: 0.4, multiply_odds: [{when: {household.debt: owing}, value: %.2f}], then: [{set: {mood: good}}]}, idle: {probability: otherwise}}}\n",
        between(m, 0.3, 3));
}

static void schedules(maker *m)
{
    say(m, "  review: {of: person, at: {every: %d months}, when: {age: 16+}, choose: {worse: {probability: 0.1, multiply_hazard: [{when: {partner.mood: bad}, value: %.2f}], then: [{set: {mood: bad}}]}, better: {probability: 0.2, multiply_odds: [%.2f], then: [{set: {mood: good}}]}, same: {probability: otherwise}}}\n",
        whole(m, 3, 14), between(m, 0.5, 3), between(m, 0.5, 2));
    say(m, "  birthday: {of: person, at: {age: %d years}, choose: {marked: {probability: %.2f, then: [{set: {mark: much}}]}, plain: {probability: otherwise}}}\n",
        whole(m, 5, 40), between(m, 0.1, 0.9));
    say(m, "  census: {of: household, at: {date: 201%d-0%d-15}, when: {debt: owing}, choose: {forgiven: {probability: 0.5, then: [{set: {debt: clear}}]}, kept: {probability: otherwise}}}\n",
        whole(m, 1, 5), whole(m, 1, 9));
}

static void families(maker *m)
{
    say(m, "  birth: {of: person, when: {sex: female, age: 16-44%s}, hazard: %.3f per year, multiply_hazard: [{when: {time since birth: 0-9 months}, value: 0}], then: [{birth: {children: 1}}]}\n",
        often(m, 0.5) ? ", has: partner" : "", between(m, 0.05, 0.2));
    say(m, "  leaves_home: {of: person, when: {age: 17+, has: parent_at_home, has_no: partner}, hazard: %.3f per year, then: [{move: {who: %s, to: new_household}}]}\n",
        between(m, 0.1, 0.6), often(m, 0.5) ? "self" : "family");
    say(m, "  finds_partner: {of: person, when: {age: 18+, has_no: partner}, hazard: %.3f per year, then: [{join: {partner: {sex: {other: 1, same: 0}, age_gap: {by: sex, values: {female: {normal: {mean: 2 years, sd: 3 years}}, male: {normal: {mean: -2 years, sd: 3 years}}}}}}}]}\n",
        between(m, 0.1, 0.5));
    static const char *const children[] = {"with_mother", "stay", "go"};
    say(m, "  parting: {of: couple, hazard: {by: couple.number_of.low, values: {0: 0.03, 1: %.3f, 2: %.3f}, unit: per year}, then: [{separate: {leaver: either, children: %s}}]}\n",
        between(m, 0.05, 0.2), between(m, 0.1, 0.4), one_of(m, children, 3));
    if (often(m, 0.5)) { say(m, "  emigrates: {of: household, hazard: 0.03 per year, then: [{move: {who: household, to: outside}}]}\n"); }
    say(m, "  dies: {of: person, hazard: {by: age, values: {0-39: 0.005, 40-64: %.4f, 65+: 0.1}, unit: per year}, multiply_hazard: [{when: {mood: bad}, value: 2}], then: [die]}\n",
        between(m, 0.01, 0.06));
}

static void intervention(maker *m)
{
    static const char *const offers[] = {"{at: {event: sours}, reach: 0.7}", "{at: {event: goes_in.short}}",
                                         "{at: {every: 9 months}, when: {mood: bad}}", "{at: {date: 2011-10-15}, when: {is: grown}}"};
    static const char *const stays_of[] = {"for ever", "{gamma: {mean: 10 months, cv: 0.6}}", "2 years"};
    static const char *const fades[] = {"stops", "stays", "{half_life: 8 months}", "{linear: 18 months}"};
    say(m, "interventions:\n  helper:\n    of: person\n    starts: 2011-0%d-01\n    offer: %s\n    uptake: %.2f\n    lasts: %s\n",
        whole(m, 1, 9), one_of(m, offers, 4), between(m, 0.2, 1), one_of(m, stays_of, 3));
    say(m, "    changes: {sours: {multiply_hazard: [%.3f], after_end: %s%s}, goes_in: {multiply_hazard: [%.3f]}}\n",
        between(m, 0.2, 0.9), one_of(m, fades, 4), often(m, 0.3) ? ", builds_up: 6 months" : "", between(m, 0.4, 1.6));
    say(m, "arms: {baseline: [], helped: [helper]}\n");
}

static void outcomes(maker *m)
{
    say(m, "outcomes:\n  slips: {events: slip}\n  sour_years: {time_in: {mood: bad}, unit: years}\n  in_years: {time_in: {stay: [in, long]}, unit: years}\n"
           "  ins: {events: goes_in}\n  outs: {events: comes_out}\n  useful: {events: visit.useful}\n  better: {events: review.better}\n  worse: {events: review.worse}\n"
           "  marked: {events: birthday.marked}\n  forgiven: {of: household, events: census.forgiven}\n  owing_years: {of: household, time_in: {debt: owing}, unit: years}\n"
           "  births: {events: born}\n  deaths: {events: died}\n  left: {events: leaves_home}\n  partings: {of: couple, events: parting}\n"
           "  people: {snapshot: {every: 1 year, from: 0 years}}\n  homes: {of: household, snapshot: {every: 1 year}}\n  couples: {of: couple, snapshot: {every: 1 year}}\n"
           "  lone_parents: {of: household, snapshot: {every: 1 year}, when: {household.kind: lone_parent}}\n"
           "  much: {snapshot: {every: 1 year}, when: {mark: much}}\n  helper_in: {time_in: {helper: in}, unit: years}\n  helper_starts: {events: helper.start}\n");
}

/* ---- What couples families ----------------------------------------------------------------------------- */

static void rates(maker *m)
{
    say(m, "indicators:\n  gloom: {share: {mood: bad}, among: {age: 16+}, %sover: last %s}\n",
        often(m, 0.5) ? "by: household.debt, " : "", often(m, 0.5) ? "quarter" : "year");
}

static const char *const orders[] = {"lottery", "longest_waiting", "[{when: {mood: bad}}, lottery]", "[{by: mark, first: some}, longest_waiting]"};

static void pools(maker *m)
{
    static const char *const settled[] = {"every 1 month", "every 3 months", "every 1 year"};
    const bool by_mark = often(m, 0.5);
    const int n = whole(m, 2, 12);
    say(m, "pools:\n  beds: {settled: %s, order: %s, unused: %s, refused: %s, ", one_of(m, settled, 3), one_of(m, orders, 4),
        often(m, 0.5) ? "kept" : "{lapse_after: 6 months}", often(m, 0.5) ? "waits" : "forgotten");
    if (by_mark) {
        say(m, "by: mark, places: {by: mark, values: {none_yet: %d, some: %d, much: 3}, unit: per year}}\n", n, n / 2 + 1);
    } else {
        say(m, "places: %d%s}\n", often(m, 0.5) ? n : 8 * n, often(m, 0.7) ? " per year" : "");
    }
    say(m, "  loans: {places: %d per year, settled: every 6 months, order: [{when: {size: 4+}}, lottery], refused: waits}\n", n);
    say(m, "processes:\n  seeks: {of: person, when: {stay: out, age: 10+}, hazard: %.3f per year, then: [{ask: {pool: beds, %sgranted: [{set: {stay: in}}], refused: [{set: {mark: next}}]}}]}\n",
        between(m, 0.1, 0.6), by_mark ? "place: same as mark, " : "");
    say(m, "  borrows: {of: household, when: {debt: owing}, hazard: %.3f per year, then: [{ask: {pool: loans, granted: [{set: {debt: clear}}]}}]}\n",
        between(m, 0.1, 0.8));
}

static void capacity(maker *m, bool of_persons)
{
    if (!m->has_capacities || often(m, 0.3)) { return; }
    const char *form = often(m, 0.5) ? "places: %d" : "starts: %d per year";
    char places[40];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(places, sizeof places, form, whole(m, 2, 15));
#pragma GCC diagnostic pop
    say(m, "    capacity: {%s, settled: every %d months%s}\n", places, whole(m, 1, 6), often(m, 0.3) ? ", builds_up: 1 year" : "");
    say(m, "    queue: {order: %s%s}\n", of_persons ? one_of(m, orders, 4) : "lottery",
        often(m, 0.4) ? ", gives_up: {exponential: {mean: 5 months}}" : "");
}

/* ---- Several arms -------------------------------------------------------------------------------------- */

static void paid(maker *m)
{
    if (often(m, 0.5)) { say(m, "    unit_values: {asked: {per: offer, amount: 20 GBP}, begun: {per: start, amount: 90 GBP}}\n"); }
    if (often(m, 0.3)) { return; }
    say(m, "    again: %s\n", often(m, 0.5) ? "5 months after end" : "never");
}

static void helper(maker *m)
{
    static const char *const offers[] = {"{at: {event: sours}, reach: 0.7}", "[{at: {event: goes_in.short}}, {at: {event: born}}]",
                                         "{at: {every: 9 months}, when: {mood: bad}}", "{at: {date: start}, when: {is: grown}}"};
    static const char *const stays_of[] = {"for ever", "{gamma: {mean: 10 months, cv: 0.6}}", "2 years"};
    static const char *const fades[] = {"stops", "stays", "{half_life: 8 months}", "{linear: 18 months}"};
    say(m, "  helper:\n    of: person\n    starts: 201%d-0%d-01\n    offer: %s\n    uptake: {by: sex, values: {female: %.2f, male: %.2f}, unit: probability}\n    lasts: %s\n",
        whole(m, 0, 2), whole(m, 1, 9), one_of(m, offers, 4), between(m, 0, 1), between(m, 0, 1), one_of(m, stays_of, 3));
    say(m, "    changes: {sours: {multiply_hazard: [%.3f], after_end: %s%s}, review.better: {multiply_odds: [1.5]}}\n",
        between(m, 0.2, 1.9), one_of(m, fades, 4), often(m, 0.3) ? ", builds_up: 6 months" : "");
    capacity(m, true);
    paid(m);
}

static void homes(maker *m)
{
    static const char *const offers[] = {"{at: {every: 1 year}, when: {debt: owing}}", "{at: {event: birth}, reach: 0.6}",
                                         "{at: {event: owes}, when: {size: 3+}}"};
    say(m, "  homes:\n    of: household\n    ends: 2014-0%d-01\n    offer: %s\n    uptake: %.2f\n    lasts: 18 months\n",
        whole(m, 1, 9), one_of(m, offers, 3), between(m, 0.1, 1));
    say(m, "    changes: {owes: {multiply_hazard: [%.3f], builds_up: 4 months, after_end: {linear: 1 year}}}\n", between(m, 0.2, 0.9));
    capacity(m, false);
    paid(m);
}

static void early(maker *m)
{
    say(m, "  early:\n    of: person\n    offer: {at: {age: %.1f years}}\n    uptake: %.2f\n    lasts: 3 years\n    stops_when: {mood: bad}\n",
        between(m, 0.5, 30), between(m, 0.2, 1));
    say(m, "    at_start: [{set: {mark: some}}]\n    changes: {slip: {multiply_hazard: [%.3f]}}\n", between(m, 0.3, 1.5));
    capacity(m, true);
    paid(m);
}

static void for_all(maker *m)
{
    say(m, "  for_all:\n    of: person\n    starts: 201%d-0%d-01\n    ends: 2015-0%d-01\n    offer: everyone\n", whole(m, 0, 2),
        whole(m, 1, 9), whole(m, 1, 9));
    say(m, "    changes: {goes_in: {multiply_hazard: [%.3f], builds_up: 1 year}}\n", between(m, 0.3, 1.5));
}

static void programmes(maker *m)
{
    const bool has_homes = often(m, 0.7), has_early = often(m, 0.7), has_all = often(m, 0.4);
    say(m, "interventions:\n");
    helper(m);
    if (has_homes || !has_early) { homes(m); }
    if (has_early) { early(m); }
    if (has_all) { for_all(m); }
    say(m, "arms: {baseline: [], all_combinations_of: [helper%s%s%s]}\n", has_homes || !has_early ? ", homes" : "",
        has_early ? ", early" : "", has_all ? ", for_all" : "");
}

static void outcomes_of_arms(maker *m)
{
    outcomes(m);
    if (m->has_pools) { say(m, "  granted: {events: seeks.granted}\n  refused: {events: seeks.refused, by: mark}\n  lent: {of: household, events: borrows.granted}\n"); }
    if (m->has_capacities && often(m, 0.5)) { say(m, "  waits: {time_in: {helper: waiting}, unit: years}\n"); }
    say(m, "  slips_each: {events: slip, histogram: per person}\n  slipped: {events: slip, once_per: run}\n"
           "  slipped_in_year: {events: slip, once_per: year, by: mark}\n  ever_in: {events: goes_in, once_per: run, years: 2-4}\n");
    if (often(m, 0.4)) { say(m, "  asked: {events: [helper.offer, helper.refused]}\n"); }
    say(m, "unit_values: {slip_cost: {per: slips, amount: 70 GBP}, stay_cost: {per: in_years, amount: 2000 GBP}, "
           "debt_cost: {per: owing_years, amount: 35 GBP}}\n"
           "money: {discount: {GBP: 3.5 %% per year}, spend_by_person: all}\n");
    if (often(m, 0.7)) { say(m, "report: {saving_by: [household]}\n"); }
}

/* ---- Whole scenarios ----------------------------------------------------------------------------------- */

static void world(maker *m, uint64_t seed)
{
    say(m, "wholeplace: 1\ntitle: Generated from seed %llu\nclock: {start: 2010-01-01, years: %d}\n",
        (unsigned long long)seed, whole(m, 5, 9));
    members(m);
    people(m);
    if (m->has_rates) { rates(m); }
    if (m->has_pools) { pools(m); } else { say(m, "processes:\n"); }
    moods(m);
    stays(m);
    schedules(m);
    families(m);
}

wp_status generate_scenario(uint64_t seed, int n_households, wp_text *text, wp_error *err)
{
    maker m = {.text = text, .err = err, .status = WP_OK, .n_households = n_households};
    m.rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(m.rng, (unsigned long)(seed + 1));
    world(&m, seed);
    intervention(&m);
    outcomes(&m);
    gsl_rng_free(m.rng);
    return m.status;
}

static wp_status generate_arms(uint64_t seed, int n_households, bool of_a_place, wp_text *text, wp_error *err)
{
    maker m = {.text = text, .err = err, .status = WP_OK, .n_households = n_households};
    m.rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(m.rng, (unsigned long)(seed + 1));
    if (of_a_place) {
        m.has_pools = often(&m, 0.6);
        m.has_rates = often(&m, 0.4);
        m.has_capacities = often(&m, 0.6) || (!m.has_pools && !m.has_rates);
    }
    world(&m, seed);
    programmes(&m);
    outcomes_of_arms(&m);
    gsl_rng_free(m.rng);
    return m.status;
}

wp_status generate_scenario_with_arms(uint64_t seed, int n_households, wp_text *text, wp_error *err)
{
    return generate_arms(seed, n_households, false, text, err);
}

wp_status generate_scenario_of_a_place(uint64_t seed, int n_households, wp_text *text, wp_error *err)
{
    return generate_arms(seed, n_households, true, text, err);
}
