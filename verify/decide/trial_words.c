/* SPDX-License-Identifier: MIT */
#include "verify/decide/trial_words.h"

#include "inventory/hotfix/kb.h"

bool fp_trial_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

fp_str fp_trial_word(fp_str *rest)
{
    size_t size = 0;
    while (size < rest->size && !fp_trial_is_blank(rest->data[size]))
        size++;
    const fp_str word = {rest->data, size};
    while (size < rest->size && fp_trial_is_blank(rest->data[size]))
        size++;
    *rest = (fp_str){rest->data + size, rest->size - size};
    return word;
}

bool fp_trial_u32(fp_str word, uint32_t *out)
{
    uint64_t number;
    if (!fp_str_to_u64(word, &number) || number > UINT32_MAX)
        return false;
    *out = (uint32_t)number;
    return true;
}

/* ---- an update of a catalogue ---- */

static bool take_revision(fp_str value, fp_described_update *u)
{
    u->has_revision = fp_trial_u32(value, &u->is.revision_id);
    return u->has_revision;
}

static bool take_update_id(fp_str value, fp_described_update *u)
{
    u->is.has_update_id = fp_guid_parse(value, u->is.update_id);
    return u->is.has_update_id;
}

static bool take_revision_number(fp_str value, fp_described_update *u)
{
    u->is.has_revision_number = fp_trial_u32(value, &u->is.revision_number);
    return u->is.has_revision_number;
}

static bool take_action(fp_str value, fp_described_update *u)
{
    u->has_action = value.size > 0;
    u->action = value;
    return u->has_action;
}

static bool take_kb(fp_str value, fp_described_update *u)
{
    uint64_t number;
    if (!fp_kb_parse(value, &number) || number > UINT32_MAX || u->kb_count == FP_FRAGMENT_KBS_MAX)
        return false;
    u->kbs[u->kb_count++] = (uint32_t)number;
    return true;
}

static bool take_superseding(fp_str value, fp_described_update *u)
{
    u->superseded = fp_trial_u32(value, &u->superseded_by);
    return u->superseded;
}

static bool take_pair(fp_str name, fp_str value, fp_described_update *u)
{
    static const struct {
        fp_str name;
        bool (*take)(fp_str value, fp_described_update *u);
    } rows[] = {{FP_STR_INIT("revision"), take_revision},
                {FP_STR_INIT("update_id"), take_update_id},
                {FP_STR_INIT("revision_number"), take_revision_number},
                {FP_STR_INIT("deployment_action"), take_action},
                {FP_STR_INIT("kb"), take_kb},
                {FP_STR_INIT("superseded_by"), take_superseding}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fp_str_eq(name, rows[i].name))
            return rows[i].take(value, u);
    return false;
}

bool fp_trial_update_read(fp_str text, fp_described_update *out, fp_str *wrong)
{
    fp_described_update told = {.has_revision = false};
    fp_str rest = text;
    while (rest.size > 0) {
        const fp_str name = fp_trial_word(&rest);
        if (take_pair(name, fp_trial_word(&rest), &told))
            continue;
        *wrong = name;
        return false;
    }
    if (!told.has_revision && !told.is.has_update_id && told.kb_count == 0) {
        *wrong = text;
        return false;
    }
    *out = told;
    return true;
}
