/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was built; the header is written by scripts/cmake/write_version.cmake. */
#include "base/version.h"

#include "base/version_generated.h"

const char *wp_version_text(void)
{
    return WP_VERSION;
}

const char *wp_version_revision(void)
{
    return WP_REVISION;
}

const char *wp_version_compiler(void)
{
    return WP_COMPILER;
}

const char *wp_version_compiler_flags(void)
{
    return WP_COMPILER_FLAGS;
}
