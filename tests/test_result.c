/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result files: what is written is read back, equal data have equal digests, and no damage passes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assert_close.h"
#include "base/alloc.h"
#include "base/arena.h"
#include "result_fixture.h"
#include "results/columns.h"
#include "results/hdf5_file.h"
#include "results/cell_layout.h"
#include "results/result.h"
#include "results/safe_file.h"

static char folder[] = "/tmp/wp-test-result-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const char *in_folder(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Number of files in the folder: nothing temporary may stay. */
static int n_files(void)
{
    char command[300], text[16] = "";
    snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
    FILE *list = popen(command, "r");
    assert_non_null(list);
    assert_non_null(fgets(text, sizeof text, list));
    pclose(list);
    return atoi(text);
}

static void assert_same_array(const wp_run_data *a, const wp_run_data *b, const wp_column *column)
{
    size_t n = wp_column_length(a, column);
    assert_int_equal(n, wp_column_length(b, column));
    const void *x = wp_column_array(a, column), *y = wp_column_array(b, column);
    if (column->type != WP_TYPE_TEXT) {
        assert_memory_equal(x, y, n * wp_type_bytes(column->type));
        return;
    }
    for (size_t i = 0; i < n; i++) { assert_string_equal(((char *const *)x)[i], ((char *const *)y)[i]); }
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    wp_run_data data, back = {0};
    wp_error err = {0};
    result_fixture(&data, 3, 2, 4, 5);
    const char *path = in_folder("back.nc");
    assert_int_equal(wp_result_write(path, &data, false, &err), WP_OK);
    assert_int_equal(wp_result_read(path, &back, &err), WP_OK);
    for (size_t i = 0; i < wp_n_columns; i++) { assert_same_array(&data, &back, &wp_columns[i]); }
    assert_memory_equal(data.cells, back.cells, wp_cells_length(&data) * sizeof *data.cells);
    assert_memory_equal(data.batches, back.batches, wp_batches_length(&data) * sizeof *data.batches);
    assert_memory_equal(data.years, back.years, 5 * sizeof *data.years);
    assert_string_equal(back.arms[1], "hub");
    assert_string_equal(back.cell_label[7], "r\xc3\xa9tired");
    assert_string_equal(back.scenario_text, "wholeplace: 1\n");
    assert_true(back.seed == data.seed && back.n_people == 1600 && back.weight == 10.0);
    assert_int_equal(back.population_digest[31], 7);
    wp_result_free(&back);
    wp_result_free(&back);
    result_fixture_free(&data);
    unlink(path);
    assert_int_equal(n_files(), 0);
}

static void empty_dimensions_are_read_back_as_empty(void **state)
{
    (void)state;
    wp_run_data data, back = {0};
    wp_error err = {0};
    result_fixture(&data, 1, 1, 1, 0);
    data.n_interventions = data.n_parameters = data.n_values = 0;
    data.money.n_targets = data.money.n_unit_values = data.money.n_payers = 0;
    const char *path = in_folder("empty.nc");
    assert_int_equal(wp_result_write(path, &data, false, &err), WP_OK);
    assert_int_equal(wp_result_read(path, &back, &err), WP_OK);
    assert_int_equal(back.n_interventions, 0);
    assert_int_equal(back.n_trace, 0);
    assert_int_equal(back.money.n_unit_values, 0);
    wp_result_free(&back);
    result_fixture_free(&data);
    unlink(path);
}

/* Everything that P1 compares moves the digest; nothing else does. */
static void the_digest_covers_counts_names_and_seed_and_nothing_of_the_machine(void **state)
{
    (void)state;
    wp_run_data data;
    char first[WP_SHA256_HEX], hex[WP_SHA256_HEX];
    result_fixture(&data, 2, 1, 3, 4);
    wp_run_data_digest(&data, first);
    data.seconds = 99.0;
    data.threads = 16;
    data.created = data.simd = data.compiler = data.scenario_path = data.title;
    data.money.amounts[0] += 1.0;
    wp_run_data_digest(&data, hex);
    assert_string_equal(hex, first);
    for (size_t i = 0; i < wp_n_columns; i++) {
        uint8_t *bytes = wp_column_array(&data, &wp_columns[i]);
        if (wp_columns[i].type == WP_TYPE_TEXT || wp_column_length(&data, &wp_columns[i]) == 0) { continue; }
        bytes[0] ^= 1;
        wp_run_data_digest(&data, hex);
        if (wp_columns[i].in_digest) {
            assert_string_not_equal(hex, first);
        } else {
            assert_string_equal(hex, first);
        }
        bytes[0] ^= 1;
    }
    data.cells[0]++;
    wp_run_data_digest(&data, hex);
    assert_string_not_equal(hex, first);
    data.cells[0]--;
    data.seed++;
    wp_run_data_digest(&data, hex);
    assert_string_not_equal(hex, first);
    data.seed--;
    char *arm = data.arms[1];
    data.arms[1] = data.arms[0];
    wp_run_data_digest(&data, hex);
    assert_string_not_equal(hex, first);
    data.arms[1] = arm;
    wp_run_data_digest(&data, hex);
    assert_string_equal(hex, first);
    result_fixture_free(&data);
}

static void the_life_digest_is_a_sum_and_so_of_any_order(void **state)
{
    (void)state;
    wp_run_data data;
    char a[WP_U128_HEX], b[WP_U128_HEX];
    result_fixture(&data, 3, 1, 2, 0);
    wp_run_data_life_digest(&data, a);
    for (int word = 0; word < 2; word++) {
        uint64_t kept = data.life[word];
        data.life[word] = data.life[2 + word];
        data.life[2 + word] = kept;
    }
    wp_run_data_life_digest(&data, b);
    assert_string_equal(a, b);
    data.life[0]++;
    wp_run_data_life_digest(&data, b);
    assert_string_not_equal(a, b);
    result_fixture_free(&data);
}

static void equal_data_give_equal_bytes(void **state)
{
    (void)state;
    wp_run_data data;
    wp_error err = {0};
    void *a = NULL, *b = NULL;
    size_t n_a = 0, n_b = 0;
    result_fixture(&data, 2, 2, 3, 3);
    assert_int_equal(wp_result_write(in_folder("a.nc"), &data, false, &err), WP_OK);
    assert_int_equal(wp_file_read(in_folder("a.nc"), &a, &n_a, &err), WP_OK);
    assert_int_equal(wp_result_write(in_folder("a.nc"), &data, true, &err), WP_OK);
    assert_int_equal(wp_file_read(in_folder("a.nc"), &b, &n_b, &err), WP_OK);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(a, b, n_a);
    free(a);
    free(b);
    result_fixture_free(&data);
    unlink(in_folder("a.nc"));
}

static void names_that_collide_are_told_apart(void **state)
{
    (void)state;
    wp_run_data data;
    wp_cell_layout layout;
    wp_error err = {0};
    result_fixture(&data, 1, 1, 1, 0);
    memcpy(data.outcomes[0], "year", 5); /* was "care" */
    assert_int_equal(wp_cell_layout_init(&layout, &data, &err), WP_OK);
    assert_string_equal(layout.variables[0].name, "year_");
    assert_int_equal(layout.n_variables, 5);
    for (int i = 0; i < layout.n_variables; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(layout.variables[i].name, layout.variables[j].name);
        }
    }
    wp_cell_layout_free(&layout);
    data.cell_outcome[2] = 2;
    assert_int_equal(wp_cell_layout_init(&layout, &data, &err), WP_ERR_ARGUMENT);
    wp_cell_layout_free(&layout);
    result_fixture_free(&data);
}

static void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

static void assert_refused(const char *path, wp_status wanted, const char *words)
{
    wp_run_data data = {0};
    wp_error err = {0};
    wp_status status = wp_result_read(path, &data, &err);
    wp_result_free(&data);
    assert_int_equal(status, wanted);
    if (strstr(err.text, words) == NULL) { fail_msg("'%s' does not say '%s'", err.text, words); }
}

static void a_flipped_byte_anywhere_is_found(void **state)
{
    (void)state;
    wp_run_data data;
    wp_error err = {0};
    void *content = NULL;
    size_t n = 0;
    result_fixture(&data, 1, 1, 2, 3);
    const char *path = in_folder("flip.nc");
    assert_int_equal(wp_result_write(path, &data, false, &err), WP_OK);
    assert_int_equal(wp_file_read(path, &content, &n, &err), WP_OK);
    uint8_t *bytes = content;
    for (size_t at = 8; at < n - WP_SEAL_BYTES; at += n / 97) {
        bytes[at] ^= (uint8_t)(1u << at % 8);
        write_bytes(path, bytes, n);
        assert_refused(path, WP_ERR_RESULT, "damaged");
        bytes[at] ^= (uint8_t)(1u << at % 8);
    }
    free(content);
    result_fixture_free(&data);
    unlink(path);
}

static void a_file_cut_off_anywhere_is_refused(void **state)
{
    (void)state;
    wp_run_data data;
    wp_error err = {0};
    void *content = NULL;
    size_t n = 0;
    result_fixture(&data, 1, 1, 2, 3);
    const char *path = in_folder("cut.nc");
    assert_int_equal(wp_result_write(path, &data, false, &err), WP_OK);
    assert_int_equal(wp_file_read(path, &content, &n, &err), WP_OK);
    for (size_t length = 0; length < n; length += length < n - WP_SEAL_BYTES ? n / 61 : 1) {
        write_bytes(path, content, length);
        assert_refused(path, WP_ERR_RESULT, "cut.nc");
    }
    write_bytes(path, content, n);
    wp_run_data back = {0};
    assert_int_equal(wp_result_read(path, &back, &err), WP_OK);
    wp_result_free(&back);
    free(content);
    result_fixture_free(&data);
    unlink(path);
}

/* Another program may rewrite the file (and so drop the seal): counts that it changed are found. */
static void a_changed_count_without_a_seal_is_found(void **state)
{
    (void)state;
    wp_run_data data;
    wp_error err = {0};
    result_fixture(&data, 1, 1, 2, 0);
    const char *path = in_folder("changed.nc");
    assert_int_equal(wp_result_write(path, &data, false, &err), WP_OK);
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    hid_t falls = H5Dopen2(file, "falls", H5P_DEFAULT);
    int64_t values[2 * 3] = {0};
    assert_true(H5Dread(falls, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    assert_true(H5Dwrite(falls, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Fflush(file, H5F_SCOPE_GLOBAL);
    wp_run_data back = {0};
    assert_int_equal(wp_result_read(path, &back, &err), WP_OK);
    wp_result_free(&back);
    values[0] += 2;
    assert_true(H5Dwrite(falls, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Dclose(falls);
    H5Fclose(file);
    assert_refused(path, WP_ERR_RESULT, "digest");
    result_fixture_free(&data);
    unlink(path);
}

static void what_is_no_result_is_refused_in_words(void **state)
{
    (void)state;
    wp_run_data data;
    wp_error err = {0};
    void *content = NULL;
    size_t n = 0;
    result_fixture(&data, 1, 1, 2, 0);
    const char *path = in_folder("bad.nc");
    assert_int_equal(wp_result_write(path, &data, false, &err), WP_OK);
    assert_int_equal(wp_file_read(path, &content, &n, &err), WP_OK);
    write_bytes(path, content, n / 2);
    assert_refused(path, WP_ERR_RESULT, "truncated");
    write_bytes(path, content, n - 10);
    assert_refused(path, WP_ERR_RESULT, "no whole seal");
    write_bytes(path, content, 4);
    assert_refused(path, WP_ERR_RESULT, "not HDF5");
    write_bytes(path, "hello, world", 12);
    assert_refused(path, WP_ERR_RESULT, "not HDF5");
    write_bytes(path, "", 0);
    assert_refused(path, WP_ERR_RESULT, "not HDF5");
    unlink(path);
    assert_refused(path, WP_ERR_FILE, "No such file");
    assert_refused(folder, WP_ERR_FILE, "not a plain file");
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    assert_refused(path, WP_ERR_RESULT, "no result of wholeplace");
    free(content);
    result_fixture_free(&data);
    unlink(path);
}

static void a_result_that_exists_is_kept_unless_forced(void **state)
{
    (void)state;
    wp_run_data data;
    wp_error err = {0};
    result_fixture(&data, 1, 1, 1, 0);
    const char *path = in_folder("kept.nc");
    write_bytes(path, "mine", 4);
    assert_int_equal(wp_result_write(path, &data, false, &err), WP_ERR_EXISTS);
    assert_refused(path, WP_ERR_RESULT, "not HDF5");
    err = (wp_error){0};
    assert_int_equal(wp_result_write(path, &data, true, &err), WP_ERR_EXISTS); /* what is no result is kept */
    assert_non_null(strstr(err.text, "no result"));
    assert_refused(path, WP_ERR_RESULT, "not HDF5");
    unlink(path);
    err = (wp_error){0};
    assert_int_equal(wp_result_write(path, &data, false, &err), WP_OK);
    assert_int_equal(wp_result_write(path, &data, true, &err), WP_OK);
    assert_int_equal(n_files(), 1);
    assert_int_equal(wp_result_write(folder, &data, true, &err), WP_ERR_EXISTS);
    err = (wp_error){0};
    assert_int_equal(wp_result_write("", &data, true, &err), WP_ERR_ARGUMENT);
    err = (wp_error){0};
    assert_int_equal(wp_result_write("/nowhere/at/all.nc", &data, true, &err), WP_ERR_FILE);
    result_fixture_free(&data);
    unlink(path);
}

static void missing_arrays_are_named(void **state)
{
    (void)state;
    wp_run_data data;
    wp_error err = {0};
    result_fixture(&data, 1, 1, 1, 0);
    data.offers = NULL;
    assert_int_equal(wp_result_write(in_folder("x.nc"), &data, true, &err), WP_ERR_ARGUMENT);
    assert_non_null(strstr(err.text, "offers"));
    assert_int_equal(n_files(), 0);
    result_fixture_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(empty_dimensions_are_read_back_as_empty),
        cmocka_unit_test(the_digest_covers_counts_names_and_seed_and_nothing_of_the_machine),
        cmocka_unit_test(the_life_digest_is_a_sum_and_so_of_any_order),
        cmocka_unit_test(equal_data_give_equal_bytes),
        cmocka_unit_test(names_that_collide_are_told_apart),
        cmocka_unit_test(a_flipped_byte_anywhere_is_found),
        cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
        cmocka_unit_test(a_changed_count_without_a_seal_is_found),
        cmocka_unit_test(what_is_no_result_is_refused_in_words),
        cmocka_unit_test(a_result_that_exists_is_kept_unless_forced),
        cmocka_unit_test(missing_arrays_are_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
