/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was built: version, revision, compiler, for the provenance of a result. */
#ifndef WP_BASE_VERSION_H
#define WP_BASE_VERSION_H

/* All constant, never NULL. */
const char *wp_version_text(void);     /* "0.1.0" */
const char *wp_version_revision(void); /* git hash, "+changes" if the tree had any; or "unknown" */
const char *wp_version_compiler(void); /* "GNU 12.2.0" */
const char *wp_version_compiler_flags(void); /* "-O3 -ffp-contract=off" */

#endif
