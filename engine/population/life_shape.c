/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes of living arrangements by age, as straight lines between knots. */
#include "population/life_shape.h"

#include "chance/elementary.h"

typedef struct knot {
    int age;
    double women, men;
} knot;

/* Approximate, read off published patterns by eye: they only guide, and fits to margins correct them. */
static const knot with_parents[] = {{18, .76, .86},  {20, .56, .70},  {24, .33, .47},
                                    {29, .13, .23},  {34, .06, .11},  {44, .03, .06},
                                    {54, .02, .035}, {64, .005, .01}, {75, 0, 0}};
static const knot alone[] = {{18, .05, .05}, {22, .10, .12}, {30, .20, .30}, {40, .25, .42}, {50, .28, .40},
                             {60, .25, .28}, {70, .33, .24}, {80, .58, .32}, {90, .78, .48}, {120, .85, .75}};
static const knot couple[] = {{18, .05, .03}, {22, .22, .15}, {28, .40, .34}, {40, .40, .32},
                              {50, .52, .46}, {60, .66, .66}, {70, .60, .70}, {80, .34, .62},
                              {90, .10, .42}, {120, .03, .15}};
static const knot other[] = {{18, .60, .55}, {22, .45, .45}, {28, .28, .28}, {35, .15, .18}, {50, .08, .10},
                             {65, .06, .06}, {80, .08, .06}, {120, .12, .10}};
static const knot lone[] = {{18, .55, .55}, {25, .36, .36}, {35, .27, .27},
                            {45, .26, .26}, {60, .30, .30}, {120, .60, .60}};

static double between(const knot *knots, int n, int sex, int age)
{
    int k = 0;
    while (k + 2 < n && knots[k + 1].age < age) { k++; }
    double low = sex == 0 ? knots[k].women : knots[k].men;
    double high = sex == 0 ? knots[k + 1].women : knots[k + 1].men;
    double share = (double)(age - knots[k].age) / (double)(knots[k + 1].age - knots[k].age);
    share = share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
    return low + (high - low) * share;
}

#define BETWEEN(knots, sex, age) between(knots, (int)(sizeof(knots) / sizeof(knots)[0]), sex, age)

double wp_shape_with_parents(int sex, int age)
{
    return BETWEEN(with_parents, sex, age);
}

double wp_shape_alone(int sex, int age)
{
    return BETWEEN(alone, sex, age);
}

double wp_shape_couple(int sex, int age)
{
    return BETWEEN(couple, sex, age);
}

double wp_shape_other(int sex, int age)
{
    return BETWEEN(other, sex, age);
}

double wp_shape_lone(int age)
{
    return BETWEEN(lone, 0, age);
}

double wp_shape_birth(int gap)
{
    double z = (gap - 28.5) / 6.0;
    return gap < WP_GAP_MIN || gap > WP_GAP_MAX ? 0.0 : wp_exp(-0.5 * z * z);
}

double wp_shape_gap(int gap)
{
    double z = (gap - WP_PARTNER_GAP) / 4.5;
    return wp_exp(-0.5 * z * z);
}

double wp_shape_people(int age)
{
    double log_left = age < 85 ? 0.0 : age < 100 ? -0.17 * (age - 85) : -0.17 * 15 - 0.5 * (age - 100);
    return wp_exp(log_left);
}
