/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What coupling the arms has saved: how many times as many people separate chance would have taken. */
#ifndef WP_UNCERTAINTY_PAIRING_H
#define WP_UNCERTAINTY_PAIRING_H

#include <stdbool.h>

#include "results/run_data.h"

/* Per lineage, mean over draws and replicates, of the value named `value` ("all GBP"). */
typedef struct wp_pairing {
    double sd_baseline, sd_arm;    /* of what a lineage costs */
    double sd_saving;              /* of the paired difference */
    double gain;                   /* (sd_baseline^2 + sd_arm^2) / sd_saving^2; infinite: nobody differs */
} wp_pairing;

/* False where the result keeps no such value (arms that pools couple, a run without prices). */
bool wp_pairing_of(const wp_run_data *data, int arm, const char *value, wp_pairing *pairing);

#endif
