/* SPDX-License-Identifier: MIT */
#include "inventory/registry/hive_place.h"

static bool has(const fp_hive *hive, const fp_hive_key *root, const char *name)
{
    fp_hive_key key;
    const fp_hive_found found = fp_hive_find_key(hive, root, fp_str_of(name), &key, NULL);
    return found == FP_HIVE_FOUND || found == FP_HIVE_TWICE;
}

static bool has_control_set(const fp_hive *hive, const fp_hive_key *root)
{
    char name[] = "ControlSet001";
    for (int digit = 1; digit <= 9; digit++) {
        name[sizeof name - 2] = (char)('0' + digit);
        if (has(hive, root, name))
            return true;
    }
    return false;
}

/* "SOFTWARE", "software.hiv", "SOFTWARE-2008": the word, and then no letter or digit. */
static bool is_called_software(fp_str path)
{
    const fp_str name = fp_str_file_name(path);
    const fp_str word = FP_STR("SOFTWARE");
    if (!fp_str_istarts(name, word))
        return false;
    if (name.size == word.size)
        return true;
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a string with a size has data */
    const char next = name.data[word.size];
    return next == '.' || next == '-' || next == '_' || next == ' ';
}

static fp_str header_name(const fp_hive *hive, fp_arena *arena)
{
    fp_span raw = fp_hive_header_of(hive)->name;
    size_t size = 0;
    while (size + 1 < raw.size && fp_load_u16le(raw.data + size) != 0)
        size += 2;
    fp_str name;
    const fp_status status = fp_hive_name(fp_span_of(raw.data, size), false, arena, &name);
    return status == FP_OK ? name : (fp_str){NULL, 0};
}

/* SOFTWARE.SAV and RegBack\SOFTWARE. */
static bool is_older_state(fp_str hint)
{
    return fp_str_iends(hint, FP_STR(".sav")) || fp_str_ifind(hint, FP_STR("RegBack\\")) >= 0 ||
           fp_str_ifind(hint, FP_STR("RegBack/")) >= 0;
}

static bool is_surely_software(const fp_hive *hive, const fp_hive_key *root, fp_str hint,
                               fp_arena *arena)
{
    return is_called_software(hint) || is_called_software(header_name(hive, arena)) ||
           (has(hive, root, "Classes") && has(hive, root, "Wow6432Node"));
}

fp_hive_place fp_hive_find_place(const fp_hive *hive, const fp_hive_key *root, fp_str hint,
                                 fp_arena *arena)
{
    fp_str name;
    if (is_older_state(hint))
        return (fp_hive_place){.why = "an older state of a hive (.sav, RegBack)"};
    if (has(hive, root, "Select") && has_control_set(hive, root))
        return (fp_hive_place){
            .mount = FP_STR("HKEY_LOCAL_MACHINE\\SYSTEM"), .system = true, .sure = true};
    if (!has(hive, root, "Microsoft"))
        return (fp_hive_place){.why = "the root is that of neither SOFTWARE nor SYSTEM"};
    if (fp_hive_name(root->name, root->latin1, arena, &name) == FP_OK &&
        fp_str_ieq(name, FP_STR("Wow6432Node")))
        return (fp_hive_place){.mount = FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node"),
                               .sure = true};
    return (fp_hive_place){.mount = FP_STR("HKEY_LOCAL_MACHINE\\SOFTWARE"),
                           .sure = is_surely_software(hive, root, hint, arena),
                           .why = "HKLM\\SOFTWARE by its content, but no name confirms it"};
}
