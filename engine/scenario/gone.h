/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hangs on an event that ends its subject: the dead, and those who leave the place. */
#ifndef WP_SCENARIO_GONE_H
#define WP_SCENARIO_GONE_H

#include "scenario/names.h"

/* Finds the events after which a person is always gone (wp_event.ends_person): `died`, `moved_out`, a process
   or an answer that kills or sends outside in any case, and what hangs on such an event and is of a person.
   Reports what such processes cannot do, offers to people who are gone, and processes of a couple or a
   household that is gone by then. Once all processes and interventions are read. */
void wp_gone_check(wp_reader *r);

#endif
