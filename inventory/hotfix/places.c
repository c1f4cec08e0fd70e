/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/places.h"

static const fp_hotfix_place PLACES[FP_TRACE_PLACES] = {
    {"updates", "marker key", fp_place_updates, FP_TRACE_UPDATES, true},
    {"hotfix", "HotFix key", fp_place_hotfix_key, FP_TRACE_HOTFIX, true},
    {"uninstall", "uninstall entry", fp_place_uninstall, FP_TRACE_UNINSTALL, true},
    {"cbs", "servicing package", fp_place_cbs, FP_TRACE_CBS, true},
    {"msi", "Windows Installer entry", fp_place_msi, FP_TRACE_MSI, true},
    {"listing", "listing of updates", fp_place_listing, FP_TRACE_LISTING, true},
    {"log", "installer log", fp_place_log, FP_TRACE_LOG, false},
    {"folder", "folder", fp_place_folder, FP_TRACE_FOLDER, false},
};

const fp_hotfix_place *fp_hotfix_place_at(size_t index)
{
    return index < FP_TRACE_PLACES ? &PLACES[index] : NULL;
}

const char *fp_trace_place_name(fp_trace_place place)
{
    return PLACES[place].name;
}

const char *fp_trace_place_title(fp_trace_place place)
{
    return PLACES[place].title;
}
