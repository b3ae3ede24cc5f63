/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every n-th system call and every n-th allocation that fails while a result is written or read: an error in
   words, nothing half-written, the old file as it was. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include "assert_close.h"
#include "failing_alloc.h"
#include "result_fixture.h"
#include "results/result.h"
#include "results/safe_file.h"

static char folder[] = "/tmp/wp-test-faults-XXXXXX";
static char path[256];
static long calls_left;

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL) { return -1; }
    snprintf(path, sizeof path, "%s/result.nc", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when anything was left behind */
}

static int is_spent(void)
{
    return calls_left-- == 0;
}

/* Takes at most 1,000 bytes a call, so that there are many calls. */
static ssize_t failing_write(int fd, const void *bytes, size_t n)
{
    if (is_spent()) {
        errno = ENOSPC;
        return -1;
    }
    return write(fd, bytes, n < 1000 ? n : 1000);
}

static int failing_fsync(int fd)
{
    if (is_spent()) {
        errno = EIO;
        return -1;
    }
    return fsync(fd);
}

static int failing_rename(const char *from, const char *to)
{
    if (is_spent()) {
        errno = EIO;
        return -1;
    }
    return rename(from, to);
}

static void assert_content(const char *wanted, size_t n)
{
    void *bytes = NULL;
    size_t length = 0;
    wp_error err = {0};
    assert_int_equal(wp_file_read(path, &bytes, &length, &err), WP_OK);
    assert_int_equal(length, n);
    assert_memory_equal(bytes, wanted, n);
    free(bytes);
}

static void any_failing_call_leaves_the_old_file_alone(void **state)
{
    (void)state;
    static const wp_file_calls failing = {failing_write, failing_fsync, failing_rename};
    static const char before[] = "\x89HDF\r\n\x1a\n, as a result begins";
    static char content[20500];
    wp_error err = {0};
    memset(content, 'n', sizeof content);
    assert_int_equal(wp_file_replace(path, before, sizeof before, false, false, NULL, &err), WP_OK);
    long n = 0;
    for (;; n++) {
        calls_left = n;
        err = (wp_error){0};
        wp_status status = wp_file_replace(path, content, sizeof content, true, true, &failing, &err);
        if (status == WP_OK) { break; }
        assert_int_equal(status, WP_ERR_FILE);
        assert_int_equal(err.status, WP_ERR_FILE);
        assert_non_null(strstr(err.text, "result.nc"));
        assert_content(before, sizeof before);
    }
    /* 21 writes, one for the seal, fsync, rename; the folder's fsync may fail. */
    assert_int_equal(n, 24);
    assert_int_equal(unlink(path), 0);
}

/* The real thing: the kernel refuses to make the file longer. */
static void a_full_disk_is_an_error_and_leaves_nothing(void **state)
{
    (void)state;
    struct rlimit old, small;
    wp_run_data data;
    result_fixture(&data, 2, 1, 3, 0);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    wp_status status = WP_ERR_FILE;
    rlim_t size = 0;
    for (; status != WP_OK && size < 4000000; size = size * 2 + 1000) {
        wp_error err = {0};
        small.rlim_cur = size;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        status = wp_result_write(path, &data, false, &err);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        if (status == WP_OK) { break; }
        assert_int_equal(status, WP_ERR_FILE);
        assert_int_not_equal(access(path, F_OK), 0);
        assert_int_equal(rmdir(folder), 0); /* empty */
        assert_non_null(mkdtemp(strcpy(folder, "/tmp/wp-test-faults-XXXXXX")));
        snprintf(path, sizeof path, "%s/result.nc", folder);
    }
    assert_int_equal(status, WP_OK);
    assert_true(size > 1000);
    result_fixture_free(&data);
    unlink(path);
}

/* The engine's own allocations; HDF5's are its own library's. */
static void any_failing_allocation_is_reported(void **state)
{
    (void)state;
    wp_run_data data;
    wp_error err = {0};
    result_fixture(&data, 1, 1, 1, 1);
    long n = 0;
    for (;; n++) {
        err = (wp_error){0};
        failing_alloc_arm(n);
        wp_status status = wp_result_write(path, &data, true, &err);
        if (!failing_alloc_fired()) {
            assert_int_equal(status, WP_OK);
            break;
        }
        assert_int_not_equal(status, WP_OK);
        assert_int_not_equal(access(path, F_OK), 0);
    }
    assert_true(n >= 4);
    for (n = 0;; n++) {
        wp_run_data back = {0};
        err = (wp_error){0};
        failing_alloc_arm(n);
        wp_status status = wp_result_read(path, &back, &err);
        int has_failed = failing_alloc_fired();
        wp_result_free(&back);
        if (!has_failed) {
            assert_int_equal(status, WP_OK);
            break;
        }
        assert_int_not_equal(status, WP_OK);
        assert_true(err.text[0] != '\0');
    }
    assert_true(n >= 4);
    result_fixture_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_failing_call_leaves_the_old_file_alone),
        cmocka_unit_test(a_full_disk_is_an_error_and_leaves_nothing),
        cmocka_unit_test(any_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
