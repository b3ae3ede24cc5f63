/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas: a recursive-descent parser that writes postfix steps. */
#include "scenario/formula.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_STEPS = 1000, MAX_DEPTH = 64, MAX_WORD = 128 };

typedef struct parser {
    wp_reader *r;
    const wp_node *at;
    const char *next;
    wp_formula_step *steps;
    int n, depth;
    bool failed;
} parser;

static void sum(parser *p);

static void fail(parser *p, const char *what)
{
    if (!p->failed) {
        if (*p->next == '\0') {
            wp_report_error(p->r, p->at, "formula: %s at its end", what);
        } else {
            wp_report_error(p->r, p->at, "formula: %s before '%.20s'", what, p->next);
        }
    }
    p->failed = true;
}

static void step(parser *p, wp_formula_step s)
{
    if (p->n == MAX_STEPS) {
        fail(p, "too long");
    } else {
        p->steps[p->n++] = s;
    }
}

static void operate(parser *p, wp_formula_op op)
{
    step(p, (wp_formula_step){.op = op, .parameter = -1, .cell = -1});
}

static bool take(parser *p, char symbol)
{
    while (*p->next == ' ') { p->next++; }
    if (*p->next != symbol) { return false; }
    p->next++;
    return true;
}

static void number(parser *p)
{
    char *end = NULL;
    double value = strtod(p->next, &end);
    if (end == p->next || !isfinite(value) ||
        (p->next[0] == '0' && (p->next[1] == 'x' || p->next[1] == 'X'))) {
        fail(p, "a number or a name is missing");
        return;
    }
    p->next = end;
    if (isalpha((unsigned char)*p->next) || *p->next == '_') {
        fail(p, "an operator is missing");
        return;
    }
    step(p, (wp_formula_step){.op = WP_FORMULA_NUMBER, .number = value, .parameter = -1, .cell = -1});
}

static void call(parser *p, const char *name)
{
    bool minimum = strcmp(name, "min") == 0;
    bool maximum = strcmp(name, "max") == 0;
    int n = 1;
    sum(p);
    while (!p->failed && take(p, ',')) {
        sum(p);
        n++;
        if (minimum || maximum) { operate(p, minimum ? WP_FORMULA_MIN : WP_FORMULA_MAX); }
    }
    if (!p->failed && !take(p, ')')) { fail(p, "')' is missing"); }
    if (minimum || maximum) {
        if (n < 2) { fail(p, "'min' and 'max' need two or more"); }
    } else if (n != 1) {
        fail(p, "'exp' and 'ln' take one");
    } else {
        operate(p, strcmp(name, "exp") == 0 ? WP_FORMULA_EXP : WP_FORMULA_LN);
    }
}

static void parameter(parser *p, const char *word)
{
    static const char *const FUNCTIONS[] = {"exp", "ln", "min", "max"};
    const char *dot = strchr(word, '.');
    const char *name = dot == NULL ? word : wp_reader_format(p->r, "%.*s", (int)(dot - word), word);
    if (take(p, '(')) {
        for (int i = 0; i < 4; i++) {
            if (strcmp(word, FUNCTIONS[i]) == 0) { call(p, word); return; }
        }
        wp_report_error(p->r, p->at, "formula: unknown function '%s'; there are exp, ln, min, max%s", word,
                        wp_report_nearest(p->r, word, FUNCTIONS, 4));
        p->failed = true;
        return;
    }
    wp_formula_step s = {.op = WP_FORMULA_PARAMETER, .cell = -1};
    s.parameter = wp_names_need(p->r, p->at, WP_NAME_PARAMETER, name);
    if (s.parameter < 0) { p->failed = true; return; }
    const wp_node *counts = wp_node_get(p->r->names->nodes[WP_NAME_PARAMETER][s.parameter], "counts");
    const wp_parameter *x = &p->r->names->parameters[s.parameter];
    if (dot != NULL) {
        for (int i = 0; i < x->n_counts; i++) {
            if (strcmp(x->count_names[i], dot + 1) == 0) { s.cell = i; }
        }
        if (s.cell < 0) { wp_report_error(p->r, p->at, "formula: '%s' has no count '%s'", name, dot + 1); }
    } else if (counts != NULL) {
        wp_report_error(p->r, p->at, "formula: '%s' holds counts; name one of them, '%s.…'", name, name);
    } else if (wp_node_get(p->r->names->nodes[WP_NAME_PARAMETER][s.parameter], "by") != NULL) {
        wp_report_error(p->r, p->at, "formula: '%s' is a table; a formula is of numbers", name);
    } else {
        step(p, s);
        return;
    }
    if (s.cell >= 0) { step(p, s); } else { p->failed = true; }
}

static void atom(parser *p)
{
    char word[MAX_WORD + 1];
    size_t n = 0;
    if (take(p, '(')) {
        sum(p);
        if (!p->failed && !take(p, ')')) { fail(p, "')' is missing"); }
        return;
    }
    if (!islower((unsigned char)*p->next)) {
        number(p);
        return;
    }
    while (islower((unsigned char)p->next[n]) || isdigit((unsigned char)p->next[n]) || p->next[n] == '_' ||
           p->next[n] == '.') {
        if (n == MAX_WORD) { fail(p, "a name is too long"); return; }
        word[n] = p->next[n];
        n++;
    }
    word[n] = '\0';
    p->next += n;
    parameter(p, word);
}

/* -a ^ b is -(a ^ b); a ^ b ^ c is a ^ (b ^ c). */
static void power(parser *p)
{
    if (++p->depth > MAX_DEPTH) { fail(p, "too deep"); }
    if (!p->failed && take(p, '-')) {
        power(p);
        operate(p, WP_FORMULA_NEGATE);
    } else if (!p->failed) {
        atom(p);
        if (!p->failed && take(p, '^')) {
            power(p);
            operate(p, WP_FORMULA_POWER);
        }
    }
    p->depth--;
}

static void product(parser *p)
{
    power(p);
    while (!p->failed) {
        if (take(p, '*')) {
            power(p);
            operate(p, WP_FORMULA_MULTIPLY);
        } else if (take(p, '/')) {
            power(p);
            operate(p, WP_FORMULA_DIVIDE);
        } else {
            return;
        }
    }
}

static void sum(parser *p)
{
    if (++p->depth > MAX_DEPTH) { fail(p, "too deep"); }
    if (!p->failed) { product(p); }
    while (!p->failed) {
        if (take(p, '+')) {
            product(p);
            operate(p, WP_FORMULA_ADD);
        } else if (take(p, '-')) {
            product(p);
            operate(p, WP_FORMULA_SUBTRACT);
        } else {
            break;
        }
    }
    p->depth--;
}

bool wp_formula_read(wp_reader *r, const wp_node *at, int *n_steps, const wp_formula_step **steps)
{
    *n_steps = 0;
    *steps = NULL;
    if (at->kind != WP_NODE_SCALAR) {
        wp_report_error(r, at, "a formula is one text, such as exp(a) * b");
        return false;
    }
    parser p = {.r = r, .at = at, .next = at->text};
    p.steps = wp_reader_scratch(r, MAX_STEPS, sizeof *p.steps);
    if (p.steps == NULL) { return false; }
    sum(&p);
    while (*p.next == ' ') { p.next++; }
    if (!p.failed && *p.next != '\0') { fail(&p, "an operator is missing"); }
    if (p.failed || p.n == 0) { return false; }
    wp_formula_step *kept = wp_reader_alloc(r, (size_t)p.n, sizeof *kept);
    if (kept == NULL) { return false; }
    memcpy(kept, p.steps, (size_t)p.n * sizeof *kept);
    *steps = kept;
    *n_steps = p.n;
    return true;
}
