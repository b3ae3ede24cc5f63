/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wholeplace digest RESULT: one line that is the same for equal results. */
#include "cli/command.h"

typedef struct options {
    const char *path;
    bool life;
} options;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    options *o = state->input;
    if (key == 'l') {
        o->life = true;
        return 0;
    }
    return take_one_argument(key, argument, state, &o->path, "result");
}

int command_digest(int argc, char **argv)
{
    static const struct argp_option list[] = {
        {"life", 'l', NULL, 0,
         "The life digest instead: a sum over lineages, which compares any subset of them", 0},
        {0}};
    static const struct argp argp = {list,
                                     parse,
                                     "RESULT",
                                     "Prints one line: SHA-256 of all that is compared between runs.\v"
                                     "Equal scenarios and seeds give equal digests, whatever the threads, "
                                     "block size, instruction set, compiler, "
                                     "machine or compression; times, prices and paths are not part of it. "
                                     "The result is checked for damage.\n\n" EXIT_CODES_TEXT,
                                     NULL,
                                     NULL,
                                     NULL};
    options o = {0};
    wp_error err = {0};
    char digest[WP_DIGEST_CHARS], life[WP_LIFE_DIGEST_CHARS];
    parse_options(&argp, argc, argv, &o);
    wp_status status = wp_result_digest(o.path, digest, life, &err);
    if (status != WP_OK) { return report_result_failure(&err, status); }
    printf("%s\n", o.life ? life : digest);
    return finish_output(EXIT_DONE);
}
