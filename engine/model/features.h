/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features: everything that is looked at anywhere, as one byte of a subject, with just the classes
   that somebody distinguishes. */
#ifndef WP_MODEL_FEATURES_H
#define WP_MODEL_FEATURES_H

#include "model/builder.h"

/* A set of features of one kind of subject: those that a table depends on. */
typedef struct wp_feature_set {
    int n; /* at most WP_MAX_AXES + 1: one too many is kept to be seen */
    uint16_t features[WP_MAX_AXES + 1]; /* ascending */
} wp_feature_set;

void wp_feature_set_add(wp_feature_set *set, int feature);

/* Starts the lists: AGE and the variables. */
wp_status wp_features_init(wp_builder *b);

/* The feature of `kind` that answers `look`; while registering it is made, and bands[n_bands]
   become edges of its classes. WP_ERR_MODEL when such a subject cannot look at it. */
wp_status wp_feature_of_look(wp_builder *b, int kind, const wp_look *look, int n_bands,
                             const wp_band *bands, int *feature);

/* The feature of `kind` that says how far effect shape `shape` of an intervention acts. */
wp_status wp_feature_of_effect(wp_builder *b, int kind, int shape, int *feature);

/* Ends the first pass: orders the features by what they are, not by who asked first; fixes classes,
   copies' maps, timers and slots. */
wp_status wp_features_finish(wp_builder *b);

/* The slot that keeps since when `variable` has its level, or the last `event` of a subject of
   `kind`. */
int wp_feature_since_variable(wp_builder *b, int variable);
int wp_feature_since_event(wp_builder *b, int kind, int event);

/* A number as the value that edges and classes of `unit` are measured in. Infinity is INT64_MAX. */
int64_t wp_class_value(wp_class_unit unit, double number);

/* How a feature is called in messages: "household.number_of.children". Writes into text[size]. */
void wp_feature_name(const wp_builder *b, int kind, int feature, char *text, size_t size);

/* The same of a finished model. */
void wp_model_feature_name(const wp_model *model, int kind, int feature, char *text, size_t size);

#endif
