/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target over the files and folders given, where libFuzzer is not linked: every input
   of a corpus becomes a plain test. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t size = 0, capacity = 0;
    int failed = file == NULL;
    while (!failed) {
        if (size == capacity) {
            capacity = capacity == 0 ? 4096 : 2 * capacity;
            uint8_t *grown = realloc(data, capacity);
            failed = grown == NULL;
            if (failed) { break; }
            data = grown;
        }
        size_t n = fread(data + size, 1, capacity - size, file);
        if (n == 0) { break; }
        size += n;
    }
    if (failed) {
        fprintf(stderr, "%s: cannot be read\n", path);
    } else {
        LLVMFuzzerTestOneInput(data, size);
    }
    free(data);
    if (file != NULL) { fclose(file); }
    return failed ? -1 : 1;
}

/* The number of inputs run, or -1. */
static int replay(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) { return replay_file(path); }
    struct dirent **entries = NULL;
    int n_entries = scandir(path, &entries, NULL, alphasort);
    int n_run = 0;
    for (int i = 0; i < n_entries; i++) {
        char inner[4096];
        int length = snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        int n = 0;
        if (entries[i]->d_name[0] != '.') { n = length < (int)sizeof inner ? replay(inner) : -1; }
        n_run = n < 0 || n_run < 0 ? -1 : n_run + n;
        free(entries[i]);
    }
    free(entries);
    return n_entries < 0 ? -1 : n_run;
}

int main(int argc, char **argv)
{
    int n_run = 0;
    for (int i = 1; i < argc; i++) {
        int n = replay(argv[i]);
        if (n < 0) { return EXIT_FAILURE; }
        n_run += n;
    }
    printf("%d inputs\n", n_run);
    return n_run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
