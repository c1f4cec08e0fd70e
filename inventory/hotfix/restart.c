/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/restart.h"

#include "inventory/registry/query.h"

#define CV          "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion"
#define CBS         CV "\\Component Based Servicing"
#define AUTO_UPDATE CV "\\WindowsUpdate\\Auto Update"
#define UPDATES     "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Updates"
#define SESSION     "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager"

/*
 * DSC: Microsoft's resource xPendingReboot for PowerShell DSC, MSFT_xPendingReboot.psm1.
 * Rutkowski: "Are there pending operations waiting for a reboot?", learn.microsoft.com, archive of
 * blogs/brad_rutkowski. Bertram: "How to Check for a Pending Reboot in the Registry (Windows)",
 * adamtheautomator.com.
 */
typedef enum sign_kind { KEY = 0, LIST, IGNORED_KEY } sign_kind;

typedef struct sign {
    const char *name;
    const char *key;  /* whose export settles it: an absent key cannot be exported */
    const char *what; /* a key below it; LIST: a value of it, which names files */
    sign_kind kind;
} sign;

static const sign SIGNS[] = {
    /* DSC */
    {"RebootPending key of Component Based Servicing", CBS, "RebootPending", KEY},
    {"RebootRequired key of Windows Update", AUTO_UPDATE, "RebootRequired", KEY},
    /* DSC; Rutkowski: pairs of names, the first is renamed to the second */
    {"files to rename at the next start", SESSION, "PendingFileRenameOperations", LIST},
    /* Bertram */
    {"further files to rename at the next start", SESSION, "PendingFileRenameOperations2", LIST},
    {"RebootInProgress key of Component Based Servicing", CBS, "RebootInProgress", KEY},
    {"PackagesPending key of Component Based Servicing", CBS, "PackagesPending", KEY},
    {"UpdateExeVolatile key of Update.exe", UPDATES, "UpdateExeVolatile", IGNORED_KEY},
};
enum { SIGN_COUNT = sizeof SIGNS / sizeof SIGNS[0] };

static bool is_empty_list(const fp_reg_value *value)
{
    for (size_t i = 0; i < value->data.size; i++) {
        if (value->data.data[i] != 0)
            return false;
    }
    return true;
}

static fp_reg_answer ask_list(fp_registry *reg, const sign *s)
{
    fp_reg_value value;
    fp_reg_answer answer = fp_registry_value(reg, fp_str_of(s->key), fp_str_of(s->what), &value);
    if (answer.exists != FP_TRUE)
        return answer;
    if (value.suspect || value.type != FP_REG_MULTI_SZ)
        return (fp_reg_answer){.exists = FP_UNKNOWN, .why = FP_WHY_UNREADABLE};
    answer.exists = fp_tri_of(!is_empty_list(&value));
    return answer;
}

static fp_status ask(fp_registry *reg, const sign *s, fp_arena *arena, fp_restart_sign *out)
{
    const fp_str path = fp_str_of(fp_arena_printf(arena, "%s\\%s", s->key, s->what));
    if (path.data == NULL)
        return FP_NOMEM;
    *out = (fp_restart_sign){.name = s->name, .key_path = path, .ignored = s->kind == IGNORED_KEY};
    out->answer = s->kind == LIST ? ask_list(reg, s) : fp_registry_volatile_key(reg, path);
    return FP_OK;
}

fp_status fp_restart_read(fp_registry *reg, fp_arena *arena, fp_restart *out)
{
    fp_restart restart = {.pending = FP_FALSE, .sign_count = SIGN_COUNT};
    fp_doubt doubt = {.any = false};
    restart.signs = fp_arena_alloc_array(arena, SIGN_COUNT, sizeof *restart.signs);
    if (restart.signs == NULL)
        return FP_NOMEM;
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        fp_restart_sign *s = &restart.signs[i];
        const fp_status status = ask(reg, &SIGNS[i], arena, s);
        if (status != FP_OK)
            return status;
        if (s->ignored)
            continue;
        restart.pending = fp_tri_or(restart.pending, s->answer.exists);
        fp_doubt_note(&doubt, arena, &s->answer, fp_str_of(SIGNS[i].key));
    }
    if (restart.pending == FP_UNKNOWN) {
        restart.why = fp_doubt_why(&doubt);
        const fp_status status = fp_doubt_where(&doubt, arena, &restart.unknown_where);
        if (status != FP_OK)
            return status;
    }
    *out = restart;
    return FP_OK;
}
