/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Effects: reading the lines under `then`. Partners (`join`) are in partner.c. */
#include "scenario/effect.h"

#include <math.h>
#include <string.h>

#include "scenario/number.h"
#include "scenario/partner.h"

enum { MAX_EFFECTS = 1000, MAX_DEPTH = 8 };

/* Where the effects stand. */
typedef struct place {
    wp_subject_kind of;
    int process, depth;
} place;

/* A list under construction, in scratch memory. */
typedef struct growing { wp_effect *list; int n, room; } growing;

static wp_effects read_list(wp_reader *r, const wp_node *at, place p);

static void add(wp_reader *r, growing *g, const wp_effect *e)
{
    if (g->n == g->room) {
        int room = g->room * 2 + 8;
        wp_effect *larger = wp_reader_scratch(r, (size_t)room, sizeof *larger);
        if (larger == NULL) { return; }
        if (g->n > 0) { memcpy(larger, g->list, (size_t)g->n * sizeof *larger); }
        g->list = larger;
        g->room = room;
    }
    g->list[g->n++] = *e;
}

static bool needs(wp_reader *r, const wp_node *at, const char *what, wp_subject_kind wanted,
                  wp_subject_kind of)
{
    if (of == wanted) { return true; }
    wp_report_error(r, at, "'%s' is of a %s, and %s is of a %s", what, wp_subject_name(wanted),
                    r->names->context, wp_subject_name(of));
    if (wanted == WP_PERSON && of == WP_HOUSEHOLD) {
        wp_report_hint(r, "for members:  for: {who: household.members.everyone, do: [%s]}", what);
    }
    return false;
}

/* ---- set ------------------------------------------------------------------------------------- */

/* Levels of one variable by name in another; false, reported, when none is shared. */
static bool map_levels(wp_reader *r, const wp_node *at, int from, int to, const int **map)
{
    const wp_variable *a = &r->names->variables[from];
    const wp_variable *b = &r->names->variables[to];
    int *level = wp_reader_alloc(r, (size_t)a->n_levels, sizeof *level);
    bool any = false;
    if (level == NULL) { return false; }
    for (int i = 0; i < a->n_levels; i++) {
        level[i] = wp_names_find_level(r, to, a->levels[i]);
        any = any || level[i] >= 0;
    }
    *map = level;
    if (!any && a->n_levels > 0 && b->n_levels > 0) {
        wp_report_error(r, at, "'%s' and '%s' have no level in common", a->name, b->name);
        return false;
    }
    return true;
}

static const char *after(const char *text, const char *start)
{
    size_t n = strlen(start);
    return strncmp(text, start, n) == 0 ? text + n : NULL;
}

static bool read_how(wp_reader *r, const wp_node *at, wp_subject_kind owner, wp_effect *e)
{
    const char *text = at->text;
    const char *rest;
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(
            r, at,
            "a state is set to one level, 'next', 'previous', 'at_least LEVEL', 'at_most LEVEL' or "
            "'same as STATE'");
        return false;
    }
    if (strcmp(text, "next") == 0 || strcmp(text, "previous") == 0) {
        e->how = text[0] == 'n' ? WP_SET_NEXT : WP_SET_PREVIOUS;
        return true;
    }
    if ((rest = after(text, "at_least ")) != NULL || (rest = after(text, "at_most ")) != NULL) {
        e->how = text[3] == 'l' ? WP_SET_AT_LEAST : WP_SET_AT_MOST;
        e->level = wp_names_need_level(r, at, e->variable, rest);
        return e->level >= 0;
    }
    if ((rest = after(text, "same as ")) != NULL) {
        e->how = WP_SET_SAME_AS;
        e->same_as = wp_names_need(r, at, WP_NAME_VARIABLE, rest);
        if (e->same_as < 0) { return false; }
        if (r->names->variables[e->same_as].of != owner) {
            wp_report_error(r, at, "'%s' belongs to a %s, and what is set to a %s", rest,
                            wp_subject_name(r->names->variables[e->same_as].of), wp_subject_name(owner));
            return false;
        }
        return map_levels(r, at, e->same_as, e->variable, &e->level_map);
    }
    e->how = WP_SET_LEVEL;
    e->level = wp_names_need_level(r, at, e->variable, text);
    return e->level >= 0;
}

static bool read_set_pair(wp_reader *r, const wp_pair *pair, const place *p, wp_effect *e)
{
    wp_look look;
    e->pos = pair->key->pos;
    if (!wp_look_read(r, pair->key, p->of, &look)) { return false; }
    if (look.kind != WP_LOOK_VARIABLE || look.whose == WP_MOTHER || look.whose == WP_OWN_COUPLE) {
        wp_report_error(r, pair->key,
                        "'%s' cannot be set; a state of one's own, of the partner or of the household can",
                        pair->key->text);
        return false;
    }
    const wp_variable *v = &r->names->variables[look.item];
    if (v->kind != WP_STATE) {
        wp_report_error(r, pair->key, "'%s' %s; only states can be set", v->name,
                        v->kind == WP_ATTRIBUTE ? "is an attribute, for life" : "is an intervention's own");
        return false;
    }
    e->kind = WP_EFFECT_SET;
    e->whose = p->of == WP_HOUSEHOLD ? WP_SELF : look.whose;
    e->variable = look.item;
    return read_how(r, pair->value, v->of, e);
}

static void read_set(wp_reader *r, const wp_node *at, const place *p, const wp_effect *like, growing *g)
{
    if (at->kind != WP_NODE_MAP || at->n == 0) {
        wp_report_error(r, at, "'set' is a mapping, such as {hospital: in}");
        return;
    }
    for (int i = 0; i < at->n; i++) {
        wp_effect e = *like;
        if (read_set_pair(r, &at->pairs[i], p, &e)) { add(r, g, &e); }
    }
}

/* ---- The others -------------------------------------------------------------------------------- */

static bool read_who(wp_reader *r, const wp_node *at, const place *p, wp_effect *e)
{
    static const char *const WORDS[] = {"partner", "mother", "children_at_home",
                                        "household.members.everyone"};
    static const wp_who WHO[] = {WP_WHO_PARTNER, WP_WHO_MOTHER, WP_WHO_CHILDREN_AT_HOME,
                                 WP_WHO_HOUSEHOLD_MEMBERS};
    const char *group = after(at->text, "household.members.");
    for (int i = 0; i < 4; i++) {
        if (!wp_node_is(at, WORDS[i])) { continue; }
        e->who = WHO[i];
        return i == 3 || needs(r, at, WORDS[i], WP_PERSON, p->of);
    }
    if (group != NULL) {
        e->who = WP_WHO_HOUSEHOLD_MEMBERS;
        e->group = wp_names_need(r, at, WP_NAME_GROUP, group);
        return e->group >= 0;
    }
    wp_report_error(r, at,
                    "'who' is '%s'; it must be partner, mother, children_at_home, household.members.GROUP or "
                    "household.members.everyone%s",
                    at->text, wp_report_nearest(r, at->text, WORDS, 4));
    return false;
}

static bool read_for(wp_reader *r, const wp_node *at, const place *p, wp_effect *e)
{
    static const char *const KEYS[] = {"who", "do", NULL};
    e->kind = WP_EFFECT_FOR;
    if (!wp_node_check_keys(r, at, "'for'", KEYS) && at->kind != WP_NODE_MAP) { return false; }
    const wp_node *who = wp_node_need(r, at, "'for'", "who");
    const wp_node *body = wp_node_need(r, at, "'for'", "do");
    bool good = who != NULL && read_who(r, who, p, e);
    if (body == NULL) { return false; }
    const char *context = r->names->context;
    r->names->context = "what 'for' does";
    e->body = read_list(r, body, (place){.of = WP_PERSON, .process = -1, .depth = p->depth + 1});
    r->names->context = context;
    return good;
}

static bool read_birth(wp_reader *r, const wp_node *at, const place *p, wp_effect *e)
{
    static const char *const KEYS[] = {"children", NULL};
    int64_t children = 1;
    e->kind = WP_EFFECT_BIRTH;
    bool good = needs(r, at, "birth", WP_PERSON, p->of) && wp_node_check_keys(r, at, "'birth'", KEYS);
    const wp_node *n = good ? wp_node_need(r, at, "'birth'", "children") : NULL;
    good = n != NULL && wp_whole_read(r, n, "'children'", 1, 8, &children);
    e->children = (int)children;
    return good;
}

static bool read_move(wp_reader *r, const wp_node *at, const place *p, wp_effect *e)
{
    static const char *const KEYS[] = {"who", "to", NULL};
    static const char *const WHO[] = {"self", "family", "household"};
    static const wp_who WHO_KINDS[] = {WP_WHO_SELF, WP_WHO_FAMILY, WP_WHO_HOUSEHOLD};
    static const char *const TO[] = {"new_household", "institution", "outside"};
    e->kind = WP_EFFECT_MOVE;
    if (!wp_node_check_keys(r, at, "'move'", KEYS)) { return false; }
    const wp_node *who = wp_node_need(r, at, "'move'", "who");
    const wp_node *to = wp_node_need(r, at, "'move'", "to");
    int w = -1;
    int t = -1;
    if (who == NULL || to == NULL) { return false; }
    for (int i = 0; i < 3; i++) {
        w = wp_node_is(who, WHO[i]) ? i : w;
        t = wp_node_is(to, TO[i]) ? i : t;
    }
    if (w < 0) {
        wp_report_error(r, who, "'who' is '%s'; it must be self, family or household%s", who->text,
                        wp_report_nearest(r, who->text, WHO, 3));
    }
    if (t < 0) {
        wp_report_error(r, to, "'to' is '%s'; it must be new_household, institution or outside%s", to->text,
                        wp_report_nearest(r, to->text, TO, 3));
    }
    if (w < 0 || t < 0) { return false; }
    e->who = WHO_KINDS[w];
    e->to = (wp_move_to)t;
    return w == 2 || needs(r, who, WHO[w], WP_PERSON, p->of);
}

static bool read_ask(wp_reader *r, const wp_node *at, const place *p, wp_effect *e)
{
    static const char *const KEYS[] = {"pool", "place", "granted", "refused", NULL};
    const char *rest;
    e->kind = WP_EFFECT_ASK;
    if (p->process < 0) {
        wp_report_error(r, at,
                        "'ask' must stand in a process's own 'then', not inside 'for' or an intervention");
        return false;
    }
    if (!wp_node_check_keys(r, at, "'ask'", KEYS) && at->kind != WP_NODE_MAP) { return false; }
    const wp_node *pool = wp_node_need(r, at, "'ask'", "pool");
    const wp_node *spot = wp_node_get(at, "place");
    e->pool = pool == NULL ? -1 : wp_names_need(r, pool, WP_NAME_POOL, pool->text);
    place inner = {.of = p->of, .process = -1, .depth = p->depth + 1};
    e->body = read_list(r, wp_node_get(at, "granted"), inner);
    e->otherwise = read_list(r, wp_node_get(at, "refused"), inner);
    const char *process = r->names->processes[p->process].name;
    e->event_granted = wp_names_find(r, WP_NAME_EVENT, wp_reader_format(r, "%s.granted", process));
    e->event_refused = wp_names_find(r, WP_NAME_EVENT, wp_reader_format(r, "%s.refused", process));
    if (e->pool < 0) { return false; }
    int by = r->names->pools[e->pool].by;
    if ((spot != NULL) != (by >= 0)) {
        wp_report_error(r, spot != NULL ? spot : at,
                        by >= 0 ? "pool '%s' has separate stocks; say which with 'place'"
                                : "pool '%s' has one stock, so there is no 'place' to name",
                        pool->text);
        return false;
    }
    if (spot == NULL) { return true; }
    if ((rest = after(spot->text, "same as ")) == NULL) {
        e->place_level = wp_names_need_level(r, spot, by, spot->text);
        return e->place_level >= 0;
    }
    wp_look look;
    if (!wp_look_parse(r, spot, rest, p->of, &look)) { return false; }
    if (look.kind != WP_LOOK_VARIABLE || look.whose != WP_SELF) {
        wp_report_error(r, spot, "'same as' needs a state or attribute of one's own; '%s' is none", rest);
        return false;
    }
    e->place_same_as = look.item;
    return map_levels(r, spot, look.item, by, &e->level_map);
}

static bool read_die(wp_reader *r, const wp_node *at, const place *p, wp_effect *e)
{
    e->kind = WP_EFFECT_DIE;
    return needs(r, at, "die", WP_PERSON, p->of);
}

static bool read_join(wp_reader *r, const wp_node *at, const place *p, wp_effect *e)
{
    e->kind = WP_EFFECT_JOIN;
    return needs(r, at, "join", WP_PERSON, p->of) && wp_partner_read(r, at, &e->join);
}

static bool read_separate(wp_reader *r, const wp_node *at, const place *p, wp_effect *e)
{
    e->kind = WP_EFFECT_SEPARATE;
    return needs(r, at, "separate", WP_COUPLE, p->of) && wp_separation_read(r, at, e);
}

typedef bool read_effect(wp_reader *r, const wp_node *at, const place *p, wp_effect *e);

static const struct { const char *key; read_effect *read; } KINDS[] = {
    {"set", NULL},       {"for", read_for},   {"birth", read_birth},       {"die", read_die},
    {"move", read_move}, {"join", read_join}, {"separate", read_separate}, {"ask", read_ask}};

enum { N_KINDS = 8 };

static void read_named(wp_reader *r, const wp_node *key, const wp_node *value, const place *p,
                       const wp_effect *like, growing *g)
{
    wp_effect e = *like;
    for (int k = 0; k < N_KINDS; k++) {
        if (strcmp(key->text, KINDS[k].key) != 0) { continue; }
        if (KINDS[k].read == NULL) {
            read_set(r, value, p, like, g);
        } else if (KINDS[k].read(r, value, p, &e)) {
            add(r, g, &e);
        }
        return;
    }
    static const char *const WORDS[] = {"set", "for", "birth", "die", "move", "join", "separate", "ask"};
    wp_report_error(r, key, "unknown effect '%s'%s", key->text,
                    wp_report_nearest(r, key->text, WORDS, N_KINDS));
}

/* One line of the list: an effect, and perhaps `when`. */
static void read_line(wp_reader *r, const wp_node *at, const place *p, growing *g)
{
    wp_effect like = {.variable = -1, .level = -1, .same_as = -1, .group = -1, .pool = -1, .place_level = -1,
                      .place_same_as = -1, .event_granted = -1, .event_refused = -1, .pos = at->pos};
    const wp_node *when = wp_node_get(at, "when");
    if (at->kind == WP_NODE_SCALAR) {
        if (wp_node_is(at, "die")) {
            read_named(r, at, at, p, &like, g);
        } else {
            wp_report_error(r, at, "'%s' is no effect; write 'die', or an effect with its entries, such as "
                            "set: {hospital: in}", at->text);
        }
        return;
    }
    if (at->kind != WP_NODE_MAP || at->n != (when == NULL ? 1 : 2)) {
        wp_report_error(r, at, "each line holds one effect, and perhaps 'when'");
        return;
    }
    if (when != NULL) {
        like.when = wp_condition_read(r, when, p->of);
        if (like.when == NULL) { return; }
    }
    for (int i = 0; i < at->n; i++) {
        if (at->pairs[i].value != when) { read_named(r, at->pairs[i].key, at->pairs[i].value, p, &like, g); }
    }
}

static wp_effects read_list(wp_reader *r, const wp_node *at, place p)
{
    growing g = {0};
    if (at == NULL || (at->kind == WP_NODE_SCALAR && at->text[0] == '\0')) { return (wp_effects){0, NULL}; }
    if (p.depth > MAX_DEPTH || wp_node_count(at) > MAX_EFFECTS) {
        wp_report_error(r, at, "too many effects, or too deep");
        return (wp_effects){0, NULL};
    }
    for (int i = 0; i < wp_node_count(at) && r->status == WP_OK; i++) {
        read_line(r, wp_node_at(at, i), &p, &g);
    }
    wp_effect *kept = wp_reader_alloc(r, (size_t)g.n, sizeof *kept);
    if (kept == NULL || g.n == 0) { return (wp_effects){0, NULL}; }
    memcpy(kept, g.list, (size_t)g.n * sizeof *kept);
    return (wp_effects){g.n, kept};
}

wp_effects wp_effects_read(wp_reader *r, const wp_node *at, wp_subject_kind of, int process)
{
    return read_list(r, at, (place){.of = of, .process = process});
}

bool wp_effects_set(const wp_effects *effects, wp_whose whose, int variable)
{
    for (int i = 0; i < effects->n; i++) {
        const wp_effect *e = &effects->list[i];
        if (e->kind == WP_EFFECT_SET && e->whose == whose && e->variable == variable) { return true; }
    }
    return false;
}
