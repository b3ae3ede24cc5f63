/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions of the libraries in use. */
#include "results/libraries.h"

#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <stdio.h>

void wp_libraries_text(char *text, size_t n)
{
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    snprintf(text, n, "GSL %s, HDF5 %u.%u.%u", gsl_version, major, minor, release);
}
