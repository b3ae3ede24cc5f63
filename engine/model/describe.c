/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes and sizes of all tables, and the slots of each kind of subject. */
#include "model/describe.h"

#include "base/fail.h"
#include "model/features.h"

static const char *const kind_names[WP_N_KINDS] = {"person", "household", "couple"};

static void print_axes(const wp_model *m, int kind, int n, const wp_table_axis *axes, uint32_t size,
                       FILE *out)
{
    fprintf(out, " [");
    for (int a = 0; a < n; a++) {
        char name[128];
        wp_model_feature_name(m, kind, axes[a].feature, name, sizeof name);
        fprintf(out, "%s%s", a > 0 ? " x " : "", name);
    }
    fprintf(out, "] %u", (unsigned)size);
}

static void print_product(const wp_model *m, int kind, const char *title, const wp_product *product,
                          FILE *out)
{
    if (product->n_tables == 0 && product->n_reals == 0) { return; }
    fprintf(out, "    %s:", title);
    for (int t = 0; t < product->n_tables; t++) {
        const wp_table *table = &product->tables[t];
        print_axes(m, kind, table->n_axes, table->axes, table->n, out);
        fprintf(out, "%s", t < product->n_tables - 1 ? "," : "");
    }
    for (int r = 0; r < product->n_reals; r++) {
        const wp_real_model *real = &m->kinds[kind].reals[product->reals[r]];
        fprintf(out, " times %s", m->scenario->multipliers[real->multiplier].name);
    }
    fprintf(out, "\n");
}

static void print_kind(const wp_model *m, int kind, FILE *out)
{
    const wp_kind *k = &m->kinds[kind];
    fprintf(out, "%s: %d features, %d clocks, %d delays, %d timers, %d since, %d reals\n",
            kind_names[kind], k->n_features, k->n_clocks, k->n_delays, k->n_timers, k->n_since,
            k->n_reals);
    for (int f = 0; f < k->n_features; f++) {
        char name[128];
        wp_model_feature_name(m, kind, f, name, sizeof name);
        fprintf(out, "  %3d %s: %d classes", f, name, k->features[f].n_classes);
        if (k->features[f].none >= 0) { fprintf(out, ", none %d", k->features[f].none); }
        if (k->features[f].timer >= 0) { fprintf(out, ", timer %d", k->features[f].timer); }
        fprintf(out, "\n");
    }
}

static void print_process(const wp_model *m, const wp_process_model *p, FILE *out)
{
    int kind = (int)p->of;
    fprintf(out, "  process %s (%s)\n", p->process->name, kind_names[kind]);
    print_product(m, kind, "when", &p->when, out);
    print_product(m, kind, "rate", &p->rate, out);
    print_product(m, kind, "delay", &p->delay_scale, out);
    print_product(m, kind, "factors on the delay", &p->delay_factor, out);
    for (int a = 0; a < p->n_answers; a++) {
        const wp_answer *answer = &p->answers[a];
        fprintf(out, "    answer %s%s\n", answer->option->name,
                answer->is_otherwise ? " (otherwise)" : "");
        print_product(m, kind, "  base", &answer->base, out);
        print_product(m, kind, "  odds", &answer->odds, out);
        print_product(m, kind, "  hazard", &answer->hazard, out);
        print_product(m, kind, "  probability", &answer->probability, out);
    }
}

wp_status wp_model_describe(const wp_model *m, FILE *out, wp_error *err)
{
    for (int k = 0; k < WP_N_KINDS; k++) { print_kind(m, k, out); }
    for (int p = 0; p < m->n_processes; p++) { print_process(m, &m->processes[p], out); }
    for (int v = 0; v < m->n_interventions; v++) {
        const wp_intervention_model *x = &m->interventions[v];
        int kind = (int)x->intervention->of;
        fprintf(out, "  intervention %s (%s)\n", x->intervention->name, kind_names[kind]);
        for (int o = 0; o < x->n_offers; o++) {
            print_product(m, kind, "offer", &x->offer_when[o], out);
        }
        print_product(m, kind, "uptake", &x->uptake, out);
        print_product(m, kind, "stops when", &x->stops_when, out);
    }
    for (int o = 0; o < m->n_outcomes; o++) {
        const wp_outcome_model *x = &m->outcomes[o];
        int kind = (int)x->outcome->of;
        fprintf(out, "  outcome %s (%s)\n", x->outcome->name, kind_names[kind]);
        print_product(m, kind, "when", &x->when, out);
        for (int i = 0; i < x->n_maps; i++) {
            fprintf(out, "    map from cell %d:", x->maps[i].first_cell);
            print_axes(m, kind, x->maps[i].n_axes, x->maps[i].axes, x->maps[i].n, out);
            fprintf(out, "\n");
        }
    }
    fprintf(out, "%d cells\n", m->n_cells);
    if (fflush(out) == 0 && !ferror(out)) { return WP_OK; }
    return wp_fail(err, WP_ERR_FILE, "the description of the model cannot be written");
}
