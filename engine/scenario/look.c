/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks: from words to what is looked at, and back. */
#include "scenario/look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WINDOW_MONTHS = 24 };

/* What is written before the dot. */
typedef struct prefix { const char *word; wp_whose whose; } prefix;

static const prefix PREFIXES[] = {{"partner.", WP_PARTNER},
                                  {"mother.", WP_MOTHER},
                                  {"household.", WP_OWN_HOUSEHOLD},
                                  {"couple.", WP_OWN_COUPLE}};

typedef struct builtin { const char *word; wp_look_kind kind; wp_subject_kind of; } builtin;

/* Built-in things, and whose they are. */
static const builtin BUILTINS[] = {
    {"age", WP_LOOK_AGE, WP_PERSON}, {"children_at_home", WP_LOOK_CHILDREN_AT_HOME, WP_PERSON},
    {"size", WP_LOOK_SIZE, WP_HOUSEHOLD}, {"kind", WP_LOOK_KIND, WP_HOUSEHOLD},
    {"oldest_age", WP_LOOK_OLDEST_AGE, WP_HOUSEHOLD}, {"younger_age", WP_LOOK_YOUNGER_AGE, WP_COUPLE}};

static const char *const KIND_LEVELS[WP_N_HOUSEHOLD_KINDS] = {
    "single", "couple", "couple_and_children", "lone_parent", "other", "institution"};

static const char *const NO_YES[] = {"no", "yes"};

bool wp_look_is_level(const wp_look *look)
{
    switch (look->kind) {
    case WP_LOOK_VARIABLE: case WP_LOOK_KIND: case WP_LOOK_HAS_PARTNER: case WP_LOOK_PARENT_AT_HOME:
    case WP_LOOK_CHILD_AT_HOME: case WP_LOOK_OPTION:
        return true;
    default:
        return false;
    }
}

/* Whose thing it is that stands after `whose`, for a subject `of`; WP_N_SUBJECT_KINDS where `of` is
   anyone and nothing is said. */
static wp_subject_kind owner_kind(wp_whose whose, wp_subject_kind of)
{
    switch (whose) {
    case WP_PARTNER: case WP_MOTHER: return WP_PERSON;
    case WP_OWN_HOUSEHOLD: return WP_HOUSEHOLD;
    case WP_OWN_COUPLE: return WP_COUPLE;
    default: return of;
    }
}

/* Says that a thing of an `owner` cannot be seen so by a subject `of`, and how to write it. */
static void report_whose(wp_reader *r, const wp_node *at, const char *what, const char *full,
                         wp_subject_kind owner, wp_subject_kind of, wp_whose whose)
{
    const char *context = r->names->context;
    if (whose != WP_SELF) {
        wp_report_error(r, at, "'%s' belongs to the %s, so '%s' is not known", what, wp_subject_name(owner),
                        full);
    } else if (owner == WP_HOUSEHOLD) {
        wp_report_error(r, at, "'%s' belongs to the household, and %s is of a %s; write 'household.%s'", what,
                        context, wp_subject_name(of), full);
    } else if (owner == WP_COUPLE) {
        wp_report_error(r, at, "'%s' belongs to a couple, and %s is of a %s%s", what, context,
                        wp_subject_name(of), of == WP_COUPLE ? "" : "; only what is 'of: couple' sees it");
    } else {
        wp_report_error(r, at, "'%s' belongs to a person, and %s is of a %s; to count members write "
                        "'household.number_of.GROUP'", what, context, wp_subject_name(of));
    }
}

/* May a subject `of` write this prefix? */
static bool prefix_allowed(wp_reader *r, const wp_node *at, const char *full, wp_whose whose,
                           wp_subject_kind of)
{
    bool good = true;
    if (of == WP_PLACE) {
        good = whose == WP_SELF;
    } else if (of != WP_N_SUBJECT_KINDS) {
        good = whose == WP_SELF || whose == WP_OWN_HOUSEHOLD || (whose == WP_OWN_COUPLE && of == WP_COUPLE) ||
               ((whose == WP_PARTNER || whose == WP_MOTHER) && of == WP_PERSON);
    }
    if (!good && whose == WP_OWN_COUPLE) {
        wp_report_error(r, at, "'%s' needs 'of: couple', and %s is of a %s", full, r->names->context,
                        wp_subject_name(of));
    } else if (!good) {
        wp_report_error(r, at, "'%s' cannot be seen here: %s is of a %s", full, r->names->context,
                        wp_subject_name(of));
    }
    return good;
}

/* Is a thing of `owner` there for the one whom the text names? Events of a couple are seen by both and by
   their household. */
static bool owner_fits(wp_subject_kind owner, wp_whose whose, wp_subject_kind of)
{
    wp_subject_kind seen = owner_kind(whose, of);
    return seen == WP_N_SUBJECT_KINDS || seen == owner;
}

static const char *strip_prefix(const char *text, wp_whose *whose)
{
    for (size_t i = 0; i < sizeof PREFIXES / sizeof PREFIXES[0]; i++) {
        size_t n = strlen(PREFIXES[i].word);
        if (strncmp(text, PREFIXES[i].word, n) == 0) {
            *whose = PREFIXES[i].whose;
            return text + n;
        }
    }
    *whose = WP_SELF;
    return text;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* A plain or dotted name of an attribute, state, multiplier, indicator or intervention. */
static bool look_at_name(wp_reader *r, const wp_node *at, const char *full, const char *name, wp_whose whose,
                         wp_subject_kind of, wp_look *look)
{
    const wp_names *names = r->names;
    wp_subject_kind owner;
    int item = wp_names_find(r, WP_NAME_VARIABLE, name);
    if (item >= 0) {
        *look = (wp_look){.kind = WP_LOOK_VARIABLE, .whose = whose, .item = item};
        owner = names->variables[item].of;
    } else if ((item = wp_names_find(r, WP_NAME_MULTIPLIER, name)) >= 0) {
        *look = (wp_look){.kind = WP_LOOK_MULTIPLIER, .whose = whose, .item = item};
        owner = names->multipliers[item].of;
    } else if (whose == WP_SELF && (item = wp_names_find(r, WP_NAME_INDICATOR, name)) >= 0) {
        *look = (wp_look){.kind = WP_LOOK_INDICATOR, .whose = WP_SELF, .item = item};
        return true;
    } else {
        int n_variables = names->n[WP_NAME_VARIABLE];
        int n_builtins = (int)(sizeof BUILTINS / sizeof BUILTINS[0]);
        int n_multipliers = names->n[WP_NAME_MULTIPLIER];
        int n_indicators = names->n[WP_NAME_INDICATOR];
        int n = n_variables + n_builtins + n_multipliers + n_indicators;
        const char **all = wp_reader_scratch(r, (size_t)n, sizeof *all);
        if (all == NULL) { return false; }
        n = 0;
        for (int i = 0; i < n_variables; i++) { all[n++] = names->texts[WP_NAME_VARIABLE][i]; }
        for (int i = 0; i < n_multipliers; i++) { all[n++] = names->texts[WP_NAME_MULTIPLIER][i]; }
        for (int i = 0; i < n_indicators; i++) { all[n++] = names->texts[WP_NAME_INDICATOR][i]; }
        for (int i = 0; i < n_builtins; i++) { all[n++] = BUILTINS[i].word; }
        wp_names_unknown(r, at, "name", name, all, n);
        return false;
    }
    if (!owner_fits(owner, whose, of)) {
        report_whose(r, at, name, full, owner, of, whose);
        return false;
    }
    return true;
}

/* "age", "household.size", "household.number_of.children", "sex". */
static bool look_at_thing(wp_reader *r, const wp_node *at, const char *full, wp_subject_kind of,
                          wp_look *look)
{
    wp_whose whose;
    const char *name = strip_prefix(full, &whose);
    if (!prefix_allowed(r, at, full, whose, of)) { return false; }
    if (whose == WP_SELF && strcmp(name, "date") == 0) {
        *look = (wp_look){.kind = WP_LOOK_DATE, .item = -1};
        return true;
    }
    if (whose == WP_SELF && strcmp(name, "year") == 0) {
        *look = (wp_look){.kind = WP_LOOK_TIME_SINCE_START, .item = -1};
        return true;
    }
    if (whose == WP_SELF && strcmp(name, "option") == 0) {
        *look = (wp_look){.kind = WP_LOOK_OPTION, .item = -1};
        return true;
    }
    for (size_t i = 0; i < sizeof BUILTINS / sizeof BUILTINS[0]; i++) {
        if (strcmp(name, BUILTINS[i].word) != 0) { continue; }
        *look = (wp_look){.kind = BUILTINS[i].kind, .whose = whose, .item = -1};
        if (owner_fits(BUILTINS[i].of, whose, of)) { return true; }
        report_whose(r, at, name, full, BUILTINS[i].of, of, whose);
        return false;
    }
    if (starts_with(name, "number_of.")) {
        wp_subject_kind seen = owner_kind(whose, of);
        const char *group = name + strlen("number_of.");
        if (seen != WP_HOUSEHOLD && seen != WP_COUPLE) {
            wp_report_error(r, at, "'%s' counts members, so it needs 'household.' or 'couple.' in front",
                            full);
            return false;
        }
        *look = (wp_look){.kind = WP_LOOK_NUMBER_OF, .whose = whose};
        if (strcmp(group, "everyone") == 0 && seen == WP_HOUSEHOLD) {
            *look = (wp_look){.kind = WP_LOOK_SIZE, .whose = whose, .item = -1};
            return true;
        }
        look->item = wp_names_need(r, at, WP_NAME_GROUP, group);
        return look->item >= 0;
    }
    return look_at_name(r, at, full, name, whose, of, look);
}

/* An event named after "time since", or before "in last". */
static bool look_at_event(wp_reader *r, const wp_node *at, const char *full, const char *named,
                          wp_subject_kind of, wp_look *look)
{
    wp_whose whose;
    const char *name = strip_prefix(named, &whose);
    if (!prefix_allowed(r, at, named, whose, of)) { return false; }
    look->whose = whose;
    look->item = wp_names_need(r, at, WP_NAME_EVENT, name);
    if (look->item < 0) { return false; }
    wp_subject_kind owner = r->names->events[look->item].of;
    if (owner == WP_COUPLE && of != WP_PLACE) { return true; }
    if (of == WP_COUPLE && whose == WP_OWN_COUPLE) { return true; }
    if (owner_fits(owner, whose, of)) { return true; }
    if (owner == WP_HOUSEHOLD && whose == WP_SELF) {
        bool since = starts_with(full, "time since ");
        wp_report_error(r, at, "'%s' is an event of the household, and %s is of a %s; write '%s'", name,
                        r->names->context, wp_subject_name(of),
                        since ? wp_reader_format(r, "time since household.%s", name)
                              : wp_reader_format(r, "household.%s", full));
    } else {
        report_whose(r, at, name, full, owner, of, whose);
    }
    return false;
}

static bool look_at_time_in(wp_reader *r, const wp_node *at, const char *full, const char *named,
                            wp_subject_kind of, wp_look *look)
{
    wp_look inner = {.item = -1};
    if (!look_at_thing(r, at, named, of, &inner)) { return false; }
    if (inner.kind != WP_LOOK_VARIABLE) {
        wp_report_error(r, at, "'%s': only a state has a 'time in'", full);
        return false;
    }
    if (r->names->variables[inner.item].kind == WP_ATTRIBUTE) {
        wp_report_error(r, at, "'%s' is an attribute, for life; only a state has a 'time in'", named);
        return false;
    }
    *look = inner;
    look->kind = WP_LOOK_TIME_IN;
    return true;
}

/* "EVENT in last 12 months". */
static bool look_at_recent(wp_reader *r, const wp_node *at, const char *full, const char *in_last,
                           wp_subject_kind of, wp_look *look)
{
    const char *event = wp_reader_format(r, "%.*s", (int)(in_last - full), full);
    wp_amount window;
    const char *why = NULL;
    look->kind = WP_LOOK_RECENT;
    if (wp_amount_parse(in_last + strlen(" in last "), &window, &why) != WP_AMOUNT_OK ||
        window.unit != WP_UNIT_DURATION || !(window.value > 0.0)) {
        wp_report_error(r, at, "'%s': after 'in last' comes a duration, such as '12 months'", full);
        return false;
    }
    if (window.value * 12.0 > (double)MAX_WINDOW_MONTHS + 1e-9) {
        wp_report_error(r, at, "'%s' looks back further than %d months, the longest look-back", full,
                        MAX_WINDOW_MONTHS);
        return false;
    }
    look->window = window.value;
    return look_at_event(r, at, full, event, of, look);
}

static bool look_at_time_since(wp_reader *r, const wp_node *at, const char *text, wp_subject_kind of,
                               wp_look *look)
{
    const char *since = text + strlen("time since ");
    if (strcmp(since, "start") == 0) {
        *look = (wp_look){.kind = WP_LOOK_TIME_SINCE_START, .item = -1};
        return true;
    }
    look->kind = WP_LOOK_TIME_SINCE;
    return look_at_event(r, at, text, since, of, look);
}

bool wp_look_parse(wp_reader *r, const wp_node *at, const char *text, wp_subject_kind of, wp_look *look)
{
    *look = (wp_look){.kind = WP_LOOK_DATE, .item = -1};
    const char *in_last = strstr(text, " in last ");
    if (strcmp(text, "time together") == 0) {
        *look = (wp_look){.kind = WP_LOOK_TIME_TOGETHER, .item = -1};
        if (of == WP_HOUSEHOLD || of == WP_PLACE) {
            report_whose(r, at, text, text, WP_COUPLE, of, WP_SELF);
            return false;
        }
        return true;
    }
    if (starts_with(text, "time in ")) {
        return look_at_time_in(r, at, text, text + strlen("time in "), of, look);
    }
    if (starts_with(text, "time since ")) { return look_at_time_since(r, at, text, of, look); }
    if (in_last != NULL) { return look_at_recent(r, at, text, in_last, of, look); }
    return look_at_thing(r, at, text, of, look);
}

bool wp_look_read(wp_reader *r, const wp_node *at, wp_subject_kind of, wp_look *look)
{
    if (at->kind != WP_NODE_SCALAR) {
        *look = (wp_look){.kind = WP_LOOK_DATE, .item = -1};
        wp_report_error(r, at, "expected one thing to look at, such as 'age' or 'household.size'");
        return false;
    }
    return wp_look_parse(r, at, at->text, of, look);
}

bool wp_look_fits(wp_reader *r, const wp_node *at, const wp_look *look, wp_subject_kind of)
{
    const char *text = wp_look_text(r, look);
    wp_look again;
    if (look->kind == WP_LOOK_OPTION || of == WP_N_SUBJECT_KINDS) { return true; }
    return wp_look_parse(r, at, text, of, &again);
}

wp_band_kind wp_look_band_kind(const wp_look *look, const char *text)
{
    switch (look->kind) {
    case WP_LOOK_DATE: return WP_BAND_DATE;
    case WP_LOOK_TIME_SINCE_START: return strcmp(text, "year") == 0 ? WP_BAND_RUN_YEARS : WP_BAND_YEARS;
    case WP_LOOK_TIME_IN: case WP_LOOK_TIME_SINCE: case WP_LOOK_TIME_TOGETHER: return WP_BAND_YEARS;
    case WP_LOOK_INDICATOR: return WP_BAND_SHARE;
    default: return WP_BAND_WHOLE;
    }
}

/* The words of the levels of a look, and how many. */
static int level_words(const wp_reader *r, const wp_look *look, int option_variable,
                       const char *const **words)
{
    int variable = look->kind == WP_LOOK_VARIABLE ? look->item
                   : look->kind == WP_LOOK_OPTION ? option_variable
                                                  : -1;
    if (variable >= 0) {
        *words = r->names->variables[variable].levels;
        return r->names->variables[variable].n_levels;
    }
    if (look->kind == WP_LOOK_KIND) {
        *words = KIND_LEVELS;
        return WP_N_HOUSEHOLD_KINDS;
    }
    *words = NO_YES;
    return look->kind == WP_LOOK_OPTION ? 0 : 2;
}

int wp_look_n_levels(const wp_reader *r, const wp_look *look, int option_variable)
{
    const char *const *words;
    return level_words(r, look, option_variable, &words);
}

int wp_look_level(wp_reader *r, const wp_node *at, const wp_look *look, int option_variable, const char *word)
{
    const char *const *words;
    int n = level_words(r, look, option_variable, &words);
    if (look->kind == WP_LOOK_VARIABLE) { return wp_names_need_level(r, at, look->item, word); }
    if (look->kind == WP_LOOK_OPTION && option_variable >= 0) {
        return wp_names_need_level(r, at, option_variable, word);
    }
    for (int i = 0; i < n; i++) {
        if (strcmp(words[i], word) == 0) { return i; }
    }
    wp_report_error(r, at, "'%s' is not one of its levels%s", word, wp_report_nearest(r, word, words, n));
    return -1;
}

const char *wp_look_level_name(const wp_reader *r, const wp_look *look, int option_variable, int level)
{
    const char *const *words;
    int n = level_words(r, look, option_variable, &words);
    return level >= 0 && level < n ? words[level] : "";
}

const char *wp_look_text(wp_reader *r, const wp_look *look)
{
    static const char *const WHOSE[] = {"", "partner.", "mother.", "household.", "couple."};
    const char *whose = WHOSE[look->whose];
    const wp_names *names = r->names;
    switch (look->kind) {
    case WP_LOOK_VARIABLE:
        return wp_reader_format(r, "%s%s", whose, names->texts[WP_NAME_VARIABLE][look->item]);
    case WP_LOOK_MULTIPLIER:
        return wp_reader_format(r, "%s%s", whose, names->texts[WP_NAME_MULTIPLIER][look->item]);
    case WP_LOOK_TIME_IN:
        return wp_reader_format(r, "time in %s%s", whose, names->texts[WP_NAME_VARIABLE][look->item]);
    case WP_LOOK_TIME_SINCE:
        return wp_reader_format(r, "time since %s%s", whose, names->texts[WP_NAME_EVENT][look->item]);
    case WP_LOOK_RECENT:
        return wp_reader_format(r, "%s%s in last %.15g months", whose,
                                names->texts[WP_NAME_EVENT][look->item], look->window * 12.0);
    case WP_LOOK_NUMBER_OF:
        return wp_reader_format(r, "%snumber_of.%s", whose, names->texts[WP_NAME_GROUP][look->item]);
    case WP_LOOK_INDICATOR: return names->texts[WP_NAME_INDICATOR][look->item];
    case WP_LOOK_DATE: return "date";
    case WP_LOOK_TIME_SINCE_START: return "time since start";
    case WP_LOOK_TIME_TOGETHER: return "time together";
    case WP_LOOK_HAS_PARTNER: return "has partner";
    case WP_LOOK_PARENT_AT_HOME: return "has parent_at_home";
    case WP_LOOK_CHILD_AT_HOME: return "has child_at_home";
    case WP_LOOK_OPTION: return "option";
    default: break;
    }
    for (size_t i = 0; i < sizeof BUILTINS / sizeof BUILTINS[0]; i++) {
        if (BUILTINS[i].kind == look->kind) { return wp_reader_format(r, "%s%s", whose, BUILTINS[i].word); }
    }
    return "";
}

bool wp_look_equal(const wp_look *a, const wp_look *b)
{
    bool whose = a->whose == b->whose;
    return a->kind == b->kind && whose && a->item == b->item && fabs(a->window - b->window) < 1e-12;
}
