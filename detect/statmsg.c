/* SPDX-License-Identifier: MIT */
/* STATMSG: ID=6709 SEV=I LEV=M SOURCE="SMS Server" COMP="SMS_WSUS_SYNC_MANAGER" SYS=host SITE=code
 * PID=432 TID=3404 GMTDATE=Thu Jan 16 18:53:52.608 2014 ISTR0="..." ... NUMATTRS=0 */
#include "detect/logline.h"
#include "detect/stamp.h"

#include <string.h>

enum { FIELDS_MAX = 64 }; /* the longest known record has about 25 */

static fp_str first_of(fp_str s, size_t size)
{
    return (fp_str){s.data, size};
}

/* The size of a quotation mark at the front: 0 when there is none. */
static size_t quote_size(fp_str s)
{
    if (s.size > 0 && s.data[0] == '"')
        return 1;
    const bool curly = fp_str_starts(s, FP_STR("\xE2\x80\x9C")) /* left */ ||
                       fp_str_starts(s, FP_STR("\xE2\x80\x9D")) /* right */;
    return curly ? 3 : 0;
}

/* A quoted value ends at the next quotation mark: what it holds is never read as a field, or a
 * string that a message was given could name the server. */
static fp_str take_quoted(fp_str *rest, size_t quote)
{
    fp_str body = fp_str_tail(*rest, quote);
    size_t i = 0;
    while (i < body.size && quote_size(fp_str_tail(body, i)) == 0)
        i++;
    const fp_str value = first_of(body, i);
    const fp_str behind = fp_str_tail(body, i);
    *rest = fp_str_tail(behind, quote_size(behind));
    return value;
}

static fp_str take_bare(fp_str *rest)
{
    size_t i = 0;
    while (i < rest->size && rest->data[i] != ' ')
        i++;
    const fp_str value = first_of(*rest, i);
    *rest = fp_str_tail(*rest, i);
    return value;
}

/* The date is the one bare value with blanks in it: it ends where the next field begins. */
static fp_str take_date(fp_str *rest)
{
    const ptrdiff_t next = fp_str_find(*rest, FP_STR(" ISTR"));
    const size_t size = next < 0 ? rest->size : (size_t)next;
    const fp_str value = first_of(*rest, size);
    *rest = fp_str_tail(*rest, size);
    return value;
}

static bool take_field(fp_str *rest, fp_str *key, fp_str *value)
{
    while (rest->size > 0 && rest->data[0] == ' ')
        *rest = fp_str_tail(*rest, 1);
    size_t i = 0;
    while (i < rest->size && rest->data[i] != '=' && rest->data[i] != ' ')
        i++;
    if (i == 0 || i == rest->size || rest->data[i] != '=')
        return false;
    *key = first_of(*rest, i);
    *rest = fp_str_tail(*rest, i + 1);

    const size_t quote = quote_size(*rest);
    if (quote > 0)
        *value = take_quoted(rest, quote);
    else if (fp_str_eq(*key, FP_STR("GMTDATE")))
        *value = take_date(rest);
    else
        *value = take_bare(rest);
    return true;
}

/* The first of two fields of one name counts. */
static void keep(fp_str *field, fp_str value)
{
    if (field->data == NULL)
        *field = value;
}

static void keep_field(fp_statmsg *out, fp_str key, fp_str value)
{
    if (fp_str_eq(key, FP_STR("SEV")))
        keep(&out->severity, value);
    else if (fp_str_eq(key, FP_STR("COMP")))
        keep(&out->component, value);
    else if (fp_str_eq(key, FP_STR("SYS")))
        keep(&out->system, value);
    else if (fp_str_eq(key, FP_STR("SITE")))
        keep(&out->site, value);
    else if (fp_str_eq(key, FP_STR("GMTDATE")) && out->gmt == FP_TIME_NONE)
        out->gmt = fp_stamp_asctime(value).local; /* it is UTC: so the field's name says */
}

/* Fields follow the server's name: in a log that was cut off, half a name is that of another one.
 */
static bool may_be_cut(fp_str key, fp_str rest)
{
    return rest.size == 0 && fp_str_eq(key, FP_STR("SYS"));
}

bool fp_statmsg_parse(fp_str message, fp_statmsg *out)
{
    static const char mark[] = "STATMSG:";
    if (!fp_str_starts(message, FP_STR("STATMSG:")))
        return false;
    fp_str rest = fp_str_tail(message, sizeof mark - 1);
    fp_str key, value;
    uint64_t id;
    if (!take_field(&rest, &key, &value) || !fp_str_eq(key, FP_STR("ID")) ||
        !fp_str_to_u64(value, &id) || id > UINT32_MAX)
        return false;

    fp_statmsg found = {.id = (uint32_t)id, .gmt = FP_TIME_NONE};
    for (int i = 0; i < FIELDS_MAX && take_field(&rest, &key, &value); i++) {
        if (!may_be_cut(key, rest))
            keep_field(&found, key, value);
    }
    *out = found;
    return true;
}
