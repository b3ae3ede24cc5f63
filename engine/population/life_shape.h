/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How people live at each age: shapes that guide the synthesis where margins say nothing. They set
   likelihoods between people; how many households of each kind there are comes from the margins. */
#ifndef WP_POPULATION_LIFE_SHAPE_H
#define WP_POPULATION_LIFE_SHAPE_H

/* A child's mother is 16 to 49 completed years older: over 15 at birth, under 50. */
enum { WP_GAP_MIN = 16, WP_GAP_MAX = 49, WP_ADULT_AGE = 18, WP_N_AGES = 121 };

/* Lone parents who are mothers (Census 2011, England and Wales: about 9 in 10). */
#define WP_LONE_MOTHER_SHARE 0.9
/* Years that a man is older than his partner, on average (ONS marriages 2011: 2 to 3). */
#define WP_PARTNER_GAP 2
/* Children at home, grown-up ones included, in a family that has any. */
#define WP_CHILDREN_PER_FAMILY 2.0
/* People in a household of kind `other`. */
#define WP_PEOPLE_IN_OTHER 2.7
/* People in a household (Census 2011, England). */
#define WP_PEOPLE_PER_HOUSEHOLD 2.36

/* Share of adults of this sex (0 women, 1 men) and age who live with their parents; after the Labour
   Force Survey 2011 as published by the ONS (18 % of 20-34; 64 % at 20, 39 % at 24, 15 % at 29, 8 % at 34). */
double wp_shape_with_parents(int sex, int age);

/* Relative chances of living alone, as a couple without children, and with others, among adults who are
   neither parents nor children at home; the pattern of Census 2011 tables on living arrangements. */
double wp_shape_alone(int sex, int age);
double wp_shape_couple(int sex, int age);
double wp_shape_other(int sex, int age);

/* Share of mothers with children at home who have no partner, by age. */
double wp_shape_lone(int age);

/* Relative frequency of a mother's age at birth: normal, mean 28.5, sd 6 (ONS births: mean 27.3 in the
   1980s to 29.7 in 2011), cut to WP_GAP_MIN … WP_GAP_MAX; 0 outside. */
double wp_shape_birth(int gap);

/* Relative frequency of a man's age minus his partner's: normal, mean WP_PARTNER_GAP, sd 4.5. */
double wp_shape_gap(int gap);

/* Relative number of people at an age where a margin gives a wide band only: level to 84, then falling
   as survivors do. */
double wp_shape_people(int age);

#endif
