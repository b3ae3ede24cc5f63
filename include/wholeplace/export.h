/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Export: a result as plain CSV, for spreadsheets and for R. */
#ifndef WHOLEPLACE_EXPORT_H
#define WHOLEPLACE_EXPORT_H

#include <stdbool.h>

#include <wholeplace/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zero is the default. */
typedef struct wp_export_options {
    const char *effect;        /* unit of effects.csv; NULL: the first that is not GBP, if there is one */
    bool with_noise;           /* costs, effects and net benefits as simulated, noise of the lives left in */
    bool force;                /* overwrite files that exist */
} wp_export_options;

/* Writes into `folder` (made if it does not exist; its parent must):

   counts.csv       one row a number: arm, draw, replicate, year, outcome, unit, grouping, group, value
   money.csv        what arms cost: arm, draw, replicate, year, unit_value, unit, view, payer, value, discounted
   spend.csv        arm, draw, replicate, year, spend_from, people, spend: how many had at least spend_from pounds (and less
                    than the next) spent on them in that year, and how much in all; where spend_by_person is declared
   household.csv    arm, draw, replicate, valuation, side, people, saving: whose the saving against the baseline is, within
                    families, discounted, of each unit value and of their sums; where report.saving_by has household
   parameters.csv   one row a draw, one column an uncertain number (parameters and prices); not written where none
                    is uncertain
   costs.csv        one row a draw, one column an arm: pounds, discounted, whole run, without transfers
   effects.csv      the same in the unit `effect`; not written where there is none
   net_benefit.csv  the same: pounds saved against the baseline, which is 0

   The last four are what R's packages take (BCEA: matrices of effects and costs; dampack: data frames of costs,
   effects and parameters; voi: data frames of net benefits and parameters), read by read.csv, which makes names
   legal in R:

       effects <- read.csv("effects.csv"); costs <- read.csv("costs.csv"); parameters <- read.csv("parameters.csv")
       BCEA::bcea(as.matrix(effects), as.matrix(costs), interventions = names(costs))
       dampack::make_psa_obj(costs, effects, parameters, names(costs), currency = "GBP")
       voi::evppi(read.csv("net_benefit.csv"), parameters, pars = as.list(names(parameters)))

   Rows are draws' means over replicates, with the noise of the lives removed, so that percentiles, acceptability and
   EVPI are right: from the arms' differences together, of costs and effects at once in their two tables, of pounds
   alone in net_benefit.csv; and from the baseline's own level. So what R makes of net_benefit.csv is what a summary
   says in pounds, and what it makes of the two is the summary's chance of being best by worth of the unit. Draws and
   replicates count from 1; draws of a scenario in which nothing is uncertain are replicates. UTF-8, RFC 4180 with
   line feeds, numbers with 17 figures. With `force`, tables of an earlier export that this result has not are
   removed. `options` may be NULL. Errors as wp_result_digest; WP_ERR_ARGUMENT for an unknown unit; WP_ERR_EXISTS when
   a file exists and !force; WP_ERR_FILE when one cannot be written. */
wp_status wp_export(const char *result_path, const char *folder, const wp_export_options *options,
                    wp_error *err);

#ifdef __cplusplus
}
#endif
#endif
