/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The standard normal's quantile, with the same bits on every machine. */
#ifndef WP_CHANCE_NORMAL_QUANTILE_H
#define WP_CHANCE_NORMAL_QUANTILE_H

/* The z with P(Z <= z) = u, for u in (0, 1); relative error about 1e-15 (Wichura 1988, Applied
   Statistics 37:477, algorithm AS 241, PPND16). */
double wp_normal_quantile(double u);

#endif
