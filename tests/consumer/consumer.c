/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Uses the installed library through its public headers only. */
#include <stdio.h>

#include <wholeplace/error.h>

int main(void)
{
    return puts(wp_status_sentence(WP_OK)) < 0;
}
