/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing with HDF5 what netCDF-4 readers expect: creation order tracked, dimension scales attached, no
   times in objects, so that equal data give equal bytes. The file is built in memory (core driver):
   HDF5 never meets a full disk, after which it can neither close a file nor end the process cleanly. */
#include "results/hdf5_file.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

enum { CORE_INCREMENT = 1 << 20, CHUNK_BYTES = 1 << 20, DEFLATE_LEVEL = 1 };

static herr_t keep_innermost(unsigned n, const H5E_error2_t *error, void *text)
{
    if (n == 0 && error->desc != NULL) {
        strncpy(text, error->desc, WP_ERROR_TEXT / 2 - 1);
    }
    return 0;
}

static void fail(wp_h5 *h5, wp_status status, const char *what, const char *name)
{
    if (h5->status != WP_OK) { return; }
    char detail[WP_ERROR_TEXT / 2] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, detail);
    h5->status = wp_fail(h5->err, status, "%s '%s'%s%s", what, name, detail[0] == '\0' ? "" : ": ", detail);
}

static hid_t file_type(wp_type type)
{
    switch (type) {
    case WP_TYPE_I64: return H5T_STD_I64LE;
    case WP_TYPE_U64: return H5T_STD_U64LE;
    case WP_TYPE_F64: return H5T_IEEE_F64LE;
    case WP_TYPE_I32: return H5T_STD_I32LE;
    case WP_TYPE_U8: return H5T_STD_U8LE;
    case WP_TYPE_I8: return H5T_STD_I8LE;
    case WP_TYPE_TEXT: break;
    }
    return H5I_INVALID_HID;
}

static hid_t memory_type(wp_type type)
{
    switch (type) {
    case WP_TYPE_I64: return H5T_NATIVE_INT64;
    case WP_TYPE_U64: return H5T_NATIVE_UINT64;
    case WP_TYPE_F64: return H5T_NATIVE_DOUBLE;
    case WP_TYPE_I32: return H5T_NATIVE_INT32;
    case WP_TYPE_U8: return H5T_NATIVE_UINT8;
    case WP_TYPE_I8: return H5T_NATIVE_INT8;
    case WP_TYPE_TEXT: break;
    }
    return H5I_INVALID_HID;
}

/* Variable-length UTF-8: netCDF-C 4.9.0 crashes on datasets of fixed-length strings. */
static hid_t text_type(size_t size)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0) {
        H5Tset_size(type, size);
        H5Tset_strpad(type, H5T_STR_NULLTERM);
        H5Tset_cset(type, H5T_CSET_UTF8);
    }
    return type;
}

/* The memory of the file is ours, so that it can be kept when HDF5 has closed it. (H5Fget_file_image of
   1.10.8 clears a flag of the superblock and leaves its checksum wrong: nobody can open such an image.) */
static void *image_malloc(size_t n, H5FD_file_image_op_t op, void *kept)
{
    (void)op;
    (void)kept;
    return malloc(n);
}

static void *image_realloc(void *image, size_t n, H5FD_file_image_op_t op, void *kept)
{
    (void)op;
    (void)kept;
    return realloc(image, n);
}

static herr_t image_free(void *image, H5FD_file_image_op_t op, void *kept)
{
    if (op == H5FD_FILE_IMAGE_OP_FILE_CLOSE) {
        memcpy(kept, &image, sizeof image);
    } else {
        free(image);
    }
    return 0;
}

static void *kept_copy(void *kept)
{
    return kept;
}

static herr_t kept_free(void *kept)
{
    (void)kept;
    return 0;
}

/* The memory type for stored texts: HDF5 does not turn one character set into another, and netCDF tools
   declare plain ASCII where they can. */
static hid_t text_type_like(hid_t stored, size_t size)
{
    hid_t type = text_type(size);
    if (type >= 0) { H5Tset_cset(type, H5Tget_cset(stored)); }
    return type;
}

void wp_h5_create(wp_h5 *h5, wp_error *err)
{
    *h5 = (wp_h5){.file = H5I_INVALID_HID, .err = err};
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5FD_file_image_callbacks_t callbacks = {image_malloc, NULL,      image_realloc, image_free,
                                             kept_copy,    kept_free, &h5->image};
    hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    bool is_set = H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
                  H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
                  H5Pset_obj_track_times(creation, false) >= 0 &&
                  H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) >= 0 &&
                  H5Pset_fapl_core(access, CORE_INCREMENT, false) >= 0 &&
                  H5Pset_file_image_callbacks(access, &callbacks) >= 0;
    if (is_set) { h5->file = H5Fcreate("result", H5F_ACC_TRUNC, creation, access); }
    h5->is_open = h5->file >= 0;
    if (!h5->is_open) { fail(h5, WP_ERR_MEMORY, "cannot make the file in memory", "result"); }
    H5Pclose(creation);
    H5Pclose(access);
}

void wp_h5_open(wp_h5 *h5, const void *bytes, size_t n, wp_error *err)
{
    *h5 = (wp_h5){.file = H5I_INVALID_HID, .err = err};
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    /* HDF5 copies the image; it takes a pointer that is not const. */
    void *image = NULL;
    memcpy(&image, &bytes, sizeof image);
    if (H5Pset_fapl_core(access, CORE_INCREMENT, false) >= 0 && H5Pset_file_image(access, image, n) >= 0) {
        h5->file = H5Fopen("result", H5F_ACC_RDONLY, access);
    }
    h5->is_open = h5->file >= 0;
    if (!h5->is_open) { fail(h5, WP_ERR_RESULT, "cannot open", "HDF5"); }
    H5Pclose(access);
}

void wp_h5_close(wp_h5 *h5)
{
    if (h5->is_open) { H5Fclose(h5->file); }
    h5->is_open = false;
    free(h5->image);
    h5->image = NULL;
}

/* The memory grows in steps; the length is the end of file that the superblock states (format
   specification, version 2: signature 8, version and sizes 4, base 8, extension 8, end of file 8). */
enum { SUPERBLOCK_VERSION_AT = 8, END_OF_FILE_AT = 28 };

static size_t end_of_file(const unsigned char *image)
{
    uint64_t end = 0;
    for (int i = 7; i >= 0; i--) { end = end << 8 | image[END_OF_FILE_AT + i]; }
    return (size_t)end;
}

size_t wp_h5_size(const void *bytes, size_t n)
{
    const unsigned char *image = bytes;
    if (n < END_OF_FILE_AT + 8 || (image[SUPERBLOCK_VERSION_AT] != 2 && image[SUPERBLOCK_VERSION_AT] != 3)) {
        return 0;
    }
    return end_of_file(image);
}

void wp_h5_image(wp_h5 *h5, void **bytes, size_t *n)
{
    if (h5->status != WP_OK) { return; }
    bool is_closed = H5Fclose(h5->file) >= 0;
    h5->is_open = false;
    const unsigned char *image = h5->image;
    if (!is_closed || image == NULL || image[SUPERBLOCK_VERSION_AT] != 2) {
        fail(h5, WP_ERR_FILE, "cannot finish the file", "result");
        return;
    }
    *n = end_of_file(image);
    *bytes = h5->image;
    h5->image = NULL;
}

void wp_h5_attribute_text(wp_h5 *h5, hid_t at, const char *name, const char *text)
{
    if (h5->status != WP_OK) { return; }
    const char *value = text == NULL ? "" : text;
    hid_t type = text_type(strlen(value) + 1);
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, type, value) < 0) {
        fail(h5, WP_ERR_FILE, "cannot write attribute", name);
    }
    if (attribute >= 0) { H5Aclose(attribute); }
    H5Sclose(space);
    H5Tclose(type);
}

/* `n` 0: a scalar; else one-dimensional, as netCDF-C writes it. */
static void attribute_numbers(wp_h5 *h5, hid_t at, const char *name, wp_type type, hsize_t n,
                              const void *values)
{
    if (h5->status != WP_OK) { return; }
    hid_t space = n == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &n, NULL);
    hid_t attribute = H5Acreate2(at, name, file_type(type), space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, memory_type(type), values) < 0) {
        fail(h5, WP_ERR_FILE, "cannot write attribute", name);
    }
    if (attribute >= 0) { H5Aclose(attribute); }
    H5Sclose(space);
}

void wp_h5_attribute_number(wp_h5 *h5, hid_t at, const char *name, wp_type type, const void *value)
{
    attribute_numbers(h5, at, name, type, 1, value);
}

hid_t wp_h5_group_create(wp_h5 *h5, const char *name)
{
    if (h5->status != WP_OK) { return H5I_INVALID_HID; }
    hid_t creation = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(creation, false);
    hid_t group = H5Gcreate2(h5->file, name, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (group < 0) { fail(h5, WP_ERR_FILE, "cannot make group", name); }
    H5Pclose(creation);
    return group;
}

void wp_h5_group_close(wp_h5 *h5, hid_t group)
{
    (void)h5;
    if (group >= 0) { H5Gclose(group); }
}

static hid_t dataset_creation(void)
{
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(creation, false);
    return creation;
}

void wp_h5_dim_create(wp_h5 *h5, wp_h5_dim *dim, const char *name, const char *long_name, wp_type type,
                      size_t n, const void *labels)
{
    *dim = (wp_h5_dim){.dataset = H5I_INVALID_HID, .id = h5->n_dims, .n = n};
    if (h5->status != WP_OK) { return; }
    hid_t creation = dataset_creation();
    hid_t space = H5Screate_simple(1, &dim->n, NULL);
    hid_t text = text_type(H5T_VARIABLE);
    bool is_text = type == WP_TYPE_TEXT;
    dim->dataset = H5Dcreate2(h5->file, name, is_text ? text : file_type(type), space, H5P_DEFAULT, creation,
                              H5P_DEFAULT);
    if (dim->dataset < 0 ||
        H5Dwrite(dim->dataset, is_text ? text : memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, labels) <
            0 ||
        H5DSset_scale(dim->dataset, name) < 0) {
        fail(h5, WP_ERR_FILE, "cannot write dimension", name);
    }
    wp_h5_attribute_text(h5, dim->dataset, "long_name", long_name);
    attribute_numbers(h5, dim->dataset, "_Netcdf4Dimid", WP_TYPE_I32, 0, &dim->id);
    h5->n_dims++;
    H5Tclose(text);
    H5Sclose(space);
    H5Pclose(creation);
}

void wp_h5_dim_close(wp_h5 *h5, wp_h5_dim *dim)
{
    (void)h5;
    if (dim->dataset >= 0) { H5Dclose(dim->dataset); }
    dim->dataset = H5I_INVALID_HID;
}

/* Chunks of at most CHUNK_BYTES: the leading dimensions are halved until they fit. */
static void set_filters(hid_t creation, int n_dims, const hsize_t *sizes, size_t item_bytes)
{
    hsize_t chunk[WP_H5_MAX_DIMS];
    hsize_t n = item_bytes;
    for (int d = 0; d < n_dims; d++) {
        chunk[d] = sizes[d];
        n *= sizes[d];
    }
    for (int d = 0; d < n_dims && n > CHUNK_BYTES;) {
        if (chunk[d] == 1) {
            d++;
            continue;
        }
        n /= chunk[d];
        chunk[d] = (chunk[d] + 1) / 2;
        n *= chunk[d];
    }
    H5Pset_chunk(creation, n_dims, chunk);
    H5Pset_shuffle(creation);
    H5Pset_deflate(creation, DEFLATE_LEVEL);
    H5Pset_fletcher32(creation);
}

/* Integers have none: no count is ever missing, R's ncdf4 warns at every 8-byte one, and readers would make
   floating point of indices. */
static void write_fill(wp_h5 *h5, hid_t dataset, const wp_h5_variable *variable)
{
    static const double no_number = NAN;
    if (variable->type == WP_TYPE_F64) {
        wp_h5_attribute_number(h5, dataset, "_FillValue", WP_TYPE_F64, &no_number);
    }
}

static void describe_variable(wp_h5 *h5, hid_t dataset, const wp_h5_variable *variable)
{
    int ids[WP_H5_MAX_DIMS];
    for (int d = 0; d < variable->n_dims; d++) {
        ids[d] = variable->dims[d]->id;
        if (H5DSattach_scale(dataset, variable->dims[d]->dataset, (unsigned)d) < 0) {
            fail(h5, WP_ERR_FILE, "cannot attach a dimension to", variable->name);
        }
    }
    if (variable->n_dims > 0) {
        attribute_numbers(h5, dataset, "_Netcdf4Coordinates", WP_TYPE_I32, (hsize_t)variable->n_dims, ids);
    }
    write_fill(h5, dataset, variable);
    if (variable->long_name != NULL) { wp_h5_attribute_text(h5, dataset, "long_name", variable->long_name); }
    if (variable->units != NULL) { wp_h5_attribute_text(h5, dataset, "units", variable->units); }
    if (variable->scale != 0) {
        wp_h5_attribute_number(h5, dataset, "scale_factor", WP_TYPE_F64, &variable->scale);
    }
}

void wp_h5_variable_create(wp_h5 *h5, hid_t at, const wp_h5_variable *variable, const void *values)
{
    if (h5->status != WP_OK) { return; }
    hsize_t sizes[WP_H5_MAX_DIMS];
    for (int d = 0; d < variable->n_dims; d++) { sizes[d] = variable->dims[d]->n; }
    bool is_text = variable->type == WP_TYPE_TEXT;
    hid_t text = text_type(H5T_VARIABLE);
    hid_t creation = dataset_creation();
    hid_t space = variable->n_dims == 0 ? H5Screate(H5S_SCALAR)
                                        : H5Screate_simple(variable->n_dims, sizes, NULL);
    if (!is_text && variable->n_dims > 0) {
        set_filters(creation, variable->n_dims, sizes, wp_type_bytes(variable->type));
    }
    if (variable->type == WP_TYPE_F64) {
        static const double no_number = NAN;
        H5Pset_fill_value(creation, H5T_NATIVE_DOUBLE, &no_number);
    }
    hid_t dataset = H5Dcreate2(at, variable->name, is_text ? text : file_type(variable->type), space,
                               H5P_DEFAULT, creation, H5P_DEFAULT);
    if (dataset < 0 || H5Dwrite(dataset, is_text ? text : memory_type(variable->type), H5S_ALL, H5S_ALL,
                                H5P_DEFAULT, values) < 0) {
        fail(h5, WP_ERR_FILE, "cannot write variable", variable->name);
    } else {
        describe_variable(h5, dataset, variable);
    }
    if (dataset >= 0) { H5Dclose(dataset); }
    H5Sclose(space);
    H5Pclose(creation);
    H5Tclose(text);
}

bool wp_h5_has(wp_h5 *h5, const char *path)
{
    if (h5->status != WP_OK) { return false; }
    const char *slash = strchr(path, '/');
    if (slash != NULL) {
        char group[64];
        size_t n = (size_t)(slash - path);
        if (n >= sizeof group) { return false; }
        memcpy(group, path, n);
        group[n] = '\0';
        if (H5Lexists(h5->file, group, H5P_DEFAULT) <= 0) { return false; }
    }
    return H5Lexists(h5->file, path, H5P_DEFAULT) > 0;
}

size_t wp_h5_length(wp_h5 *h5, const char *path)
{
    if (!wp_h5_has(h5, path)) { return 0; }
    hid_t dataset = H5Dopen2(h5->file, path, H5P_DEFAULT);
    hid_t space = dataset < 0 ? H5I_INVALID_HID : H5Dget_space(dataset);
    hssize_t n = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    if (n < 0) { fail(h5, WP_ERR_RESULT, "cannot read", path); }
    if (space >= 0) { H5Sclose(space); }
    if (dataset >= 0) { H5Dclose(dataset); }
    return n < 0 ? 0 : (size_t)n;
}

/* The strings of a dataset or attribute, copied into the arena; HDF5's own copies are given back. */
static bool keep_texts(char **texts, size_t n, wp_arena *arena)
{
    bool is_kept = true;
    for (size_t i = 0; i < n; i++) {
        char *copy = wp_arena_strdup(arena, texts[i] == NULL ? "" : texts[i]);
        if (texts[i] != NULL) { H5free_memory(texts[i]); }
        texts[i] = copy;
        is_kept = is_kept && copy != NULL;
    }
    return is_kept;
}

static bool class_matches(hid_t type, wp_type wanted)
{
    H5T_class_t class = H5Tget_class(type);
    if (wanted == WP_TYPE_TEXT) { return class == H5T_STRING; }
    return class == (wanted == WP_TYPE_F64 ? H5T_FLOAT : H5T_INTEGER);
}

void wp_h5_read(wp_h5 *h5, const char *path, wp_type type, size_t n, void *values, wp_arena *arena)
{
    if (h5->status != WP_OK) { return; }
    bool is_text = type == WP_TYPE_TEXT;
    hid_t dataset = wp_h5_has(h5, path) ? H5Dopen2(h5->file, path, H5P_DEFAULT) : H5I_INVALID_HID;
    hid_t space = dataset < 0 ? H5I_INVALID_HID : H5Dget_space(dataset);
    hid_t stored = dataset < 0 ? H5I_INVALID_HID : H5Dget_type(dataset);
    bool is_right = dataset >= 0 && space >= 0 && stored >= 0 &&
                    H5Sget_simple_extent_npoints(space) == (hssize_t)n && class_matches(stored, type) &&
                    (!is_text || H5Tis_variable_str(stored) > 0);
    hid_t text = is_right && is_text ? text_type_like(stored, H5T_VARIABLE) : H5I_INVALID_HID;
    if (dataset < 0) {
        fail(h5, WP_ERR_RESULT, "there is no variable", path);
    } else if (!is_right) {
        fail(h5, WP_ERR_RESULT, "the shape or type is not the one of a result in", path);
    } else if (H5Dread(dataset, is_text ? text : memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) <
               0) {
        fail(h5, WP_ERR_RESULT, "the file is damaged in", path);
    } else if (is_text && !keep_texts(values, n, arena)) {
        fail(h5, WP_ERR_MEMORY, "not enough memory for", path);
    }
    if (stored >= 0) { H5Tclose(stored); }
    if (space >= 0) { H5Sclose(space); }
    if (dataset >= 0) { H5Dclose(dataset); }
    if (text >= 0) { H5Tclose(text); }
}

/* netCDF tools rewrite texts with or without an end mark; both are read. */
static wp_status read_text_attribute(hid_t attribute, hid_t stored, char **value, wp_arena *arena)
{
    bool is_read = false, is_kept = false;
    if (H5Tis_variable_str(stored) > 0) {
        hid_t text = text_type_like(stored, H5T_VARIABLE);
        is_read = H5Aread(attribute, text, value) >= 0;
        is_kept = is_read && keep_texts(value, 1, arena);
        H5Tclose(text);
    } else {
        size_t size = H5Tget_size(stored);
        *value = wp_arena_alloc(arena, size + 1);
        if (*value == NULL) { return WP_ERR_MEMORY; }
        hid_t text = text_type_like(stored, size + 1);
        is_read = is_kept = H5Aread(attribute, text, *value) >= 0;
        H5Tclose(text);
    }
    return !is_read ? WP_ERR_RESULT : is_kept ? WP_OK : WP_ERR_MEMORY;
}

static wp_status read_value(hid_t attribute, hid_t space, hid_t stored, wp_type type, void *value,
                            wp_arena *arena)
{
    if (H5Sget_simple_extent_type(space) == H5S_NULL && type == WP_TYPE_TEXT) {
        char *empty = wp_arena_strdup(arena, ""); /* netCDF's way of writing an empty text */
        memcpy(value, &empty, sizeof empty);
        return empty == NULL ? WP_ERR_MEMORY : WP_OK;
    }
    if (H5Sget_simple_extent_npoints(space) != 1) { return WP_ERR_RESULT; }
    if (type == WP_TYPE_TEXT) { return read_text_attribute(attribute, stored, value, arena); }
    return H5Aread(attribute, memory_type(type), value) < 0 ? WP_ERR_RESULT : WP_OK;
}

void wp_h5_read_attribute(wp_h5 *h5, const char *name, wp_type type, void *value, wp_arena *arena)
{
    if (h5->status != WP_OK) { return; }
    hid_t attribute = H5Aexists(h5->file, name) > 0 ? H5Aopen(h5->file, name, H5P_DEFAULT) : H5I_INVALID_HID;
    hid_t stored = attribute < 0 ? H5I_INVALID_HID : H5Aget_type(attribute);
    hid_t space = attribute < 0 ? H5I_INVALID_HID : H5Aget_space(attribute);
    bool is_right = stored >= 0 && space >= 0 && class_matches(stored, type);
    if (!is_right) {
        fail(h5, WP_ERR_RESULT, "there is no attribute", name);
    } else {
        const wp_status status = read_value(attribute, space, stored, type, value, arena);
        if (status == WP_ERR_MEMORY) { fail(h5, status, "not enough memory for attribute", name); }
        if (status == WP_ERR_RESULT) { fail(h5, status, "cannot read attribute", name); }
    }
    if (space >= 0) { H5Sclose(space); }
    if (stored >= 0) { H5Tclose(stored); }
    if (attribute >= 0) { H5Aclose(attribute); }
}
