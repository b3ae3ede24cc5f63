/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clocks and delays of the subjects in the exact pass.

   A clock that rings in the epoch, or whose hazard changes for another reason than its person's birthday, is
   *held*: its state is in the worker's `clocks`, and followed from settling to settling. All others stay as the
   vector pass left them, at no cost. Held or not, a clock is settled at the same moments (its person's birthdays,
   the epoch's end, and when its own hazard changes bitwise), so that both passes give the same bits. */
#ifndef WP_SIMULATE_CLOCKS_H
#define WP_SIMULATE_CLOCKS_H

#include "simulate/sim.h"

/* Holds clock c from the epoch's start on, as the vector pass found it. */
wp_held_clock *wp_clocks_hold(wp_sim *sim, wp_calendar *calendar, int c);
/* Holds every clock of a subject that has just entered; each begins at zero hazard. */
void wp_clocks_begin(wp_sim *sim, wp_calendar *calendar);
/* Uses up the held clocks' hazards to this moment. */
void wp_clocks_settle(wp_sim *sim, wp_calendar *calendar);
/* Finds when the held clocks ring, and the first of them. */
void wp_clocks_find_rings(wp_sim *sim, wp_calendar *calendar);
/* Clock c has rung now: it starts again with a new threshold. */
void wp_clocks_restart(wp_sim *sim, wp_calendar *calendar, int c, double threshold);
/* After an instant: clocks whose hazard has changed, delays that begin, end or stretch, the next timer. */
void wp_clocks_update(wp_sim *sim, wp_calendar *calendar);
/* Earliest of the subject's timers and birthday. */
void wp_clocks_find_timer(wp_sim *sim, wp_calendar *calendar);
/* Writes what the held clocks have left at the epoch's end into the columns. */
void wp_clocks_finish(wp_sim *sim, wp_calendar *calendar);

#endif
