/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a saving is, within families. What a programme does for others than its users is to be shown apart
   from what it does for them (Al-Janabi et al. 2016, Med Decis Making 36:176; Henry et al. 2024,
   PharmacoEconomics 42:343), as the indirect beside the direct effect where persons of one group bear upon
   each other (Hudgens and Halloran 2008, J Am Stat Assoc 103:832). Here each person is set beside the same
   person in the baseline, who has the same id.

   A saving, what the baseline is worth less what the arm is worth, is the sum of

   own            of persons who were in a programme of the arm at any time: enrolled by themselves, living
                  in a household while it was enrolled, or there while a programme for everyone lasted;
   others         of the other persons of families that a programme reached: partners, children, parents,
                  those who have moved out;
   home           what falls on no one person: on households and couples, and offers;
   one_arm_only   of persons who live in one of the two alone (births that come or do not): whole lives;
   elsewhere      of persons of families that no programme reached, who live otherwise because somebody else
                  has a place, the place has another rate, or they heard of an offer.

   A family is a lineage: a founding or arriving household, and all who were born into it, split from it or
   drawn into it. Home and one_arm_only are what members have jointly. A life goes to one side whole, what
   came before an enrolment too. Companions (drawn partners) do not count, here as everywhere. Programmes'
   fixed costs belong to no family. */
#ifndef WP_RESULTS_SIDES_H
#define WP_RESULTS_SIDES_H

typedef enum wp_side {
    WP_SIDE_OWN,
    WP_SIDE_OTHERS,
    WP_SIDE_HOME,
    WP_SIDE_ONE_ARM,
    WP_SIDE_ELSEWHERE,
    WP_N_SIDES
} wp_side;

/* What one kept integer of a saving by side is: 2^-16 of a hundredth of the value's unit. */
#define WP_SIDE_UNIT (0.01 * 0x1p-16)

#endif
