/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors: one list of codes, and a place where a failing call writes one sentence. */
#ifndef WHOLEPLACE_ERROR_H
#define WHOLEPLACE_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* One list of codes and their sentences. Numbers are never reused. */
#define WP_STATUS_LIST(X)                                                        \
    X(WP_OK, 0, "done")                                                          \
    X(WP_ERR_MEMORY, 1, "not enough memory")                                     \
    X(WP_ERR_ARGUMENT, 2, "an argument is outside its range")                    \
    X(WP_ERR_FILE, 3, "a file cannot be read or written")                        \
    X(WP_ERR_EXISTS, 4, "the result exists already")                             \
    X(WP_ERR_SCENARIO, 5, "the scenario has errors")                             \
    X(WP_ERR_LIMIT, 6, "a limit of the program was reached")                     \
    X(WP_ERR_MODEL, 7, "the model cannot be computed from its parameters")       \
    X(WP_ERR_RUN, 8, "the run met a state that the scenario does not allow")     \
    X(WP_ERR_RESULT, 9, "the result file is not one of this program's, or is damaged") \
    X(WP_ERR_NUMERIC, 10, "a numerical method failed")                           \
    X(WP_ERR_POPULATION, 11, "the population cannot be made from its margins")   \
    X(WP_ERR_STOPPED, 12, "stopped on request")

typedef enum wp_status {
#define WP_STATUS_ENUM(name, number, sentence) name = number,
    WP_STATUS_LIST(WP_STATUS_ENUM)
#undef WP_STATUS_ENUM
} wp_status;

enum { WP_ERROR_TEXT = 480 };

/* The first failure of a call writes its code and one line of text; nobody overwrites it.
   The caller owns it, usually on the stack: `wp_error err = {0};`. Not shared between threads. */
typedef struct wp_error {
    wp_status status;
    char text[WP_ERROR_TEXT];
} wp_error;

/* The general sentence of a status; never NULL. */
const char *wp_status_sentence(wp_status status);

#ifdef __cplusplus
}
#endif
#endif
