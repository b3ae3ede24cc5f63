/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding to 24 significant bits, the precision at which parameters and tables are kept. */
#ifndef WP_CHANCE_ROUND24_H
#define WP_CHANCE_ROUND24_H

/* The nearest number of 24 significant bits, ties to even. libm's and GSL's functions differ in
   their last bits from machine to machine (glibc picks variants with fused multiply-add when it
   runs); an error of a few units in the 53rd bit crosses a border of the 24th about once in 10^8
   values, so what was rounded is the same everywhere. Values below 1.2e-38 lose bits and those
   above 3.4e38 become infinite. */
static inline float wp_round24(double value)
{
    return (float)value;
}

#endif
