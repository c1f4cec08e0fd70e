/* SPDX-License-Identifier: MIT */
#include "inventory/hotfix/places.h"

static const fp_hotfix_place PLACES[FP_TRACE_PLACES] = {
    {FP_TRACE_UPDATES, "updates", "marker key", true, fp_place_updates},
    {FP_TRACE_HOTFIX, "hotfix", "HotFix key", true, fp_place_hotfix_key},
    {FP_TRACE_UNINSTALL, "uninstall", "uninstall entry", false, fp_place_uninstall},
    {FP_TRACE_CBS, "cbs", "servicing package", true, fp_place_cbs},
    {FP_TRACE_MSI, "msi", "Windows Installer entry", true, fp_place_msi},
    {FP_TRACE_LISTING, "listing", "listing of updates", true, fp_place_listing},
    {FP_TRACE_LOG, "log", "installer log", false, fp_place_log},
    {FP_TRACE_FOLDER, "folder", "folder", false, fp_place_folder},
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
