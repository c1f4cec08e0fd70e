/* SPDX-License-Identifier: MIT */
#include "inventory/base/status.h"

#include <stdarg.h>
#include <stdio.h>

void fp_diag_set(fp_diag *d, fp_status status, const char *module, uint64_t where,
                 const char *format, ...)
{
    if (d == NULL || d->status != FP_OK)
        return;

    va_list args;
    va_start(args, format);
    d->status = status;
    d->module = module;
    d->where = where;
    (void)vsnprintf(d->message, sizeof d->message, format, args);
    va_end(args);
}

const char *fp_status_name(fp_status status)
{
    switch (status) {
    case FP_OK:
        return "ok";
    case FP_NOMEM:
        return "nomem";
    case FP_IO:
        return "io";
    case FP_TRUNCATED:
        return "truncated";
    case FP_FORMAT:
        return "format";
    case FP_LIMIT:
        return "limit";
    case FP_UNSUPPORTED:
        return "unsupported";
    case FP_NOT_FOUND:
        return "not found";
    case FP_CRYPTO:
        return "crypto";
    }
    return "?";
}
