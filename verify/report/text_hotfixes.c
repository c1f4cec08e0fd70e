/* SPDX-License-Identifier: MIT */
/*
 * The hotfixes of an inventory as text. Whatever needs a look has a row of its own; of a product
 * with many that installers plainly recorded, and of a long listing, only the numbers are listed,
 * behind all else.
 */
#include "verify/report/text_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- hotfixes, by what they belong to ---- */

typedef struct entry {
    const fp_hotfix *hotfix;
    size_t index;         /* in the order of numbers */
    const fp_trace *main; /* the trace that tells most; NULL: there is none */
    int rank;             /* of its place */
    int order;            /* of its group: the site's own product first */
    const char *group;
} entry;

/* Which place tells most: an installer's own record first. */
static int rank_of(fp_trace_place place)
{
    static const int RANKS[FP_TRACE_PLACES] = {
        [FP_TRACE_UPDATES] = 0,   [FP_TRACE_MSI] = 1,     [FP_TRACE_CBS] = 2, [FP_TRACE_HOTFIX] = 3,
        [FP_TRACE_UNINSTALL] = 4, [FP_TRACE_LISTING] = 5, [FP_TRACE_LOG] = 6, [FP_TRACE_FOLDER] = 7,
    };
    return RANKS[place];
}

/* A hotfix that is a package of Windows Installer is a product of its own; as a group it would
 * stand alone. */
static bool is_own_product(const fp_trace *main)
{
    return main->place == FP_TRACE_MSI && fp_str_eq(main->product, main->description);
}

/* What listings alone tell: that no installer's record was seen is said of all of them at once. */
static bool is_only_listed(const fp_hotfix *h)
{
    for (size_t i = 0; i < h->trace_count; i++) {
        if (h->traces[i].place != FP_TRACE_LISTING)
            return false;
    }
    return h->trace_count > 0 && h->state == FP_HOTFIX_INSTALLED;
}

static const char *group_of(fp_page *p, const fp_hotfix *h, const fp_trace *main)
{
    if (is_only_listed(h))
        return "Reported by listings alone";
    if (main != NULL && is_own_product(main))
        return "Packages of Windows Installer";
    if (main != NULL && main->product.size > 0)
        return fp_page_format(p, "%s%s%s", fp_page_clean(p, main->product),
                              main->level.size > 0 ? " " : "", fp_page_clean(p, main->level));
    return main != NULL && main->place == FP_TRACE_CBS ? "Windows" : "No product is named";
}

/* The site's own product, other products, and what belongs to none. */
static int order_of(const fp_report *report, const fp_trace *main)
{
    const fp_product *product = &report->casefile->product;
    if (main == NULL || main->product.size == 0)
        return 2;
    return product->family != NULL && fp_str_istarts(main->product, product->family->title) ? 0 : 1;
}

static entry entry_of(fp_page *p, const fp_report *report, size_t index)
{
    const fp_hotfix *h = &report->hotfixes[index];
    entry e = {.hotfix = h, .index = index, .rank = FP_TRACE_PLACES};
    for (size_t i = 0; i < h->trace_count; i++) {
        const int rank = rank_of(h->traces[i].place);
        if (rank < e.rank) {
            e.rank = rank;
            e.main = &h->traces[i];
        }
    }
    e.order = order_of(report, e.main);
    e.group = group_of(p, h, e.main);
    return e;
}

static int by_group(const void *a, const void *b)
{
    const entry *left = a;
    const entry *right = b;
    if (left->order != right->order)
        return left->order - right->order;
    const int order = strcmp(left->group, right->group);
    return order != 0 ? order : left->index < right->index ? -1 : left->index > right->index;
}

/* ---- what a row says ---- */

typedef enum column { KB = 0, STATE, SINCE, BY, SURE, FROM, COLUMNS } column;

enum { BY_MAX = 16, SINCE_MAX = 14, FROM_IDS_MAX = 4 };

typedef struct table {
    const fp_report *report;
    unsigned width[COLUMNS]; /* of SINCE and BY 0: nothing to show in any row */
} table;

static fp_tone tone_of(const fp_hotfix *h)
{
    switch (h->state) {
    case FP_HOTFIX_INSTALLED:
    case FP_HOTFIX_SUPERSEDED:
        return h->ground >= FP_GROUND_RECORDED ? FP_TONE_GOOD : FP_TONE_PLAIN;
    case FP_HOTFIX_CONFLICTING:
        return FP_TONE_BAD;
    case FP_HOTFIX_UNKNOWN:
    case FP_HOTFIX_PENDING:
        return FP_TONE_OPEN;
    case FP_HOTFIX_ABSENT:
    case FP_HOTFIX_REMOVED:
    case FP_HOTFIX_STATES:
        break;
    }
    return FP_TONE_PLAIN;
}

static fp_str date_of(const fp_trace *t)
{
    return t->installed_date;
}

static fp_str user_of(const fp_trace *t)
{
    return t->installed_by;
}

/* From the trace that tells most and has it. */
static fp_str best_text(const fp_hotfix *h, fp_str (*of)(const fp_trace *))
{
    fp_str best = {0};
    int rank = FP_TRACE_PLACES;
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_str text = of(&h->traces[i]);
        if (text.size > 0 && rank_of(h->traces[i].place) < rank) {
            rank = rank_of(h->traces[i].place);
            best = text;
        }
    }
    return best;
}

/* Of one that is not there, the dates and users of its traces tell of another time. */
static bool is_gone(const fp_hotfix *h)
{
    return h->state == FP_HOTFIX_REMOVED || h->state == FP_HOTFIX_ABSENT;
}

/* The day as recorded, without the time of day. Where nothing is recorded, its key was last written
 * on a day: it was there by then. */
static const char *since(fp_page *p, const fp_hotfix *h)
{
    if (is_gone(h))
        return "";
    const fp_str text = fp_str_trim(best_text(h, date_of));
    fp_time t = FP_TIME_NONE;
    if (text.size > 0)
        return fp_text_recorded_day(p, text);
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_trace *one = &h->traces[i];
        if (one->written != FP_TIME_NONE && (t == FP_TIME_NONE || one->written < t))
            t = one->written;
    }
    return t == FP_TIME_NONE ? "" : fp_page_format(p, "by %s", fp_text_day(p, t));
}

/* "[2] software.reg", or the ids alone where it is in several. */
static const char *from(fp_page *p, const fp_report *report, const fp_hotfix *h)
{
    uint32_t ids[FROM_IDS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < h->trace_count; i++) {
        bool known = false;
        for (size_t k = 0; k < count; k++)
            known = known || ids[k] == h->traces[i].origin.item;
        if (!known && count < FROM_IDS_MAX)
            ids[count++] = h->traces[i].origin.item;
    }
    const char *text = "";
    for (size_t k = 0; k < count; k++)
        text = fp_page_format(p, "%s%s[%u]", text, k > 0 ? " " : "", (unsigned)ids[k]);
    const fp_item *item = count == 1 ? fp_report_item(report, ids[0]) : NULL;
    return item == NULL ? text : fp_page_format(p, "%s %s", text, fp_page_clean(p, item->name));
}

static const char *cell_text(fp_page *p, const fp_report *report, const fp_hotfix *h, column c)
{
    switch (c) {
    case KB:
        return fp_page_clean(p, h->kb);
    case STATE:
        return h->state == FP_HOTFIX_CONFLICTING ? "CONFLICTING" : fp_hotfix_state_name(h->state);
    case SINCE:
        return since(p, h);
    case BY:
        return is_gone(h) ? "" : fp_page_clean(p, best_text(h, user_of));
    case SURE:
        return h->ground == FP_GROUND_NONE ? "-" : fp_hotfix_ground_name(h->ground);
    case FROM:
        return from(p, report, h);
    case COLUMNS:
        break;
    }
    return "";
}

/* Columns that are empty in every row are left out. */
static void put_row(fp_page *p, const table *t, const char *const texts[COLUMNS], fp_tone all,
                    fp_tone state)
{
    fp_cell cells[COLUMNS];
    size_t count = 0;
    for (unsigned c = 0; c < COLUMNS; c++) {
        if (t->width[c] > 0)
            cells[count++] = (fp_cell){texts[c], t->width[c], c == STATE ? state : all};
    }
    fp_page_row(p, "    ", cells, count);
}

static table measure(fp_page *p, const fp_report *report)
{
    table t = {.report = report};
    for (size_t i = 0; i < report->hotfix_count; i++) {
        for (unsigned c = 0; c < COLUMNS; c++) {
            const char *text = cell_text(p, report, &report->hotfixes[i], (column)c);
            const unsigned columns = fp_text_columns(fp_str_of(text));
            t.width[c] = columns > t.width[c] ? columns : t.width[c];
        }
    }
    if (t.width[BY] > BY_MAX)
        t.width[BY] = BY_MAX;
    if (t.width[SINCE] > SINCE_MAX)
        t.width[SINCE] = SINCE_MAX;
    if (t.width[SURE] < strlen("how sure"))
        t.width[SURE] = strlen("how sure");
    return t;
}

/* ---- the table ---- */

enum { PLAIN_ROWS_MAX = 12 }; /* of a group; where there are more, they are only counted here */

/* An installer recorded it, or its group tells that none did, and nothing else is to be said. */
static bool is_plain(const fp_hotfix *h)
{
    return (h->ground >= FP_GROUND_RECORDED && h->state != FP_HOTFIX_PENDING) || is_only_listed(h);
}

/* "marker key: installed; servicing package: removed" */
static const char *sayings(fp_page *p, const fp_hotfix *h)
{
    const char *text = "";
    unsigned told[FP_TRACE_PLACES] = {0};
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_trace *t = &h->traces[i];
        if ((told[t->place] & 1U << t->says) != 0 || t->says == FP_TRACE_SAYS_HINT)
            continue;
        told[t->place] |= 1U << t->says;
        text = fp_page_format(p, "%s%s%s: %s", text, *text != '\0' ? "; " : "",
                              fp_trace_place_title(t->place), fp_trace_says_name(t->says));
    }
    return text;
}

/* In the place's own words where the state has fewer: "CurrentState = 0x5 (uninstall pending)" is
 * removed, and there until the next restart. */
static void put_said(fp_page *p, const fp_hotfix *h)
{
    const fp_trace_says says =
        h->state == FP_HOTFIX_REMOVED ? FP_TRACE_SAYS_REMOVED : FP_TRACE_SAYS_UNREADABLE;
    for (size_t i = 0; i < h->trace_count; i++) {
        const fp_trace *t = &h->traces[i];
        if (t->says != says || t->said.size == 0)
            continue;
        fp_page_put(p, (fp_lead){.first = "      - ", .next = "        "}, t->said);
        return;
    }
}

/* Why it is as it is, where that is not plain. */
static void put_why(fp_page *p, const fp_hotfix *h)
{
    const fp_lead lead = {.first = "      ! ", .next = "        "};
    if (h->state == FP_HOTFIX_REMOVED || h->state == FP_HOTFIX_UNKNOWN)
        put_said(p, h);
    if (is_plain(h))
        return;
    fp_page_put(p, lead, h->because);
    if (h->state == FP_HOTFIX_UNKNOWN && h->unknown_where.size > 0)
        fp_page_putf(p, (fp_lead){.first = lead.next}, "it takes an export of %s",
                     fp_page_clean(p, h->unknown_where));
    if (h->state != FP_HOTFIX_CONFLICTING)
        return;
    for (size_t i = 0; h->files_match == FP_FALSE && i < h->compared.count; i++)
        fp_page_put(p, (fp_lead){.first = lead.next}, h->compared.at[i].value);
    const char *said = sayings(p, h);
    if (h->files_match != FP_FALSE && *said != '\0')
        fp_page_put(p, (fp_lead){.first = lead.next}, fp_str_of(said));
}

static void put_hotfix(fp_page *p, const table *t, const fp_hotfix *h)
{
    const char *texts[COLUMNS];
    for (unsigned c = 0; c < COLUMNS; c++)
        texts[c] = cell_text(p, t->report, h, (column)c);
    put_row(p, t, texts, FP_TONE_PLAIN, tone_of(h));
    put_why(p, h);
}

static size_t plain_ones(const entry *entries, size_t count)
{
    size_t plain = 0;
    for (size_t i = 0; i < count; i++)
        plain += is_plain(entries[i].hotfix);
    return plain;
}

static bool is_shortened(const fp_report *report, size_t plain)
{
    return plain > PLAIN_ROWS_MAX && !report->details;
}

static void put_group(fp_page *p, const table *t, const entry *entries, size_t count)
{
    const size_t plain = plain_ones(entries, count);
    const bool shortly = is_shortened(t->report, plain);
    fp_page_put(p, (fp_lead){.first = "  ", .tone = FP_TONE_STRONG, .mark = entries[0].group},
                FP_STR(""));
    for (size_t i = 0; i < count; i++) {
        if (!shortly || !is_plain(entries[i].hotfix))
            put_hotfix(p, t, entries[i].hotfix);
    }
    if (shortly)
        fp_page_putf(p, (fp_lead){.first = "    "}, "%s%s%s: listed at the end",
                     fp_text_number(p, plain), plain < count ? " others" : "",
                     is_only_listed(entries[0].hotfix) ? "" : " that their installers recorded");
}

static size_t group_end(const entry *entries, size_t first, size_t count)
{
    size_t end = first + 1;
    while (end < count && strcmp(entries[first].group, entries[end].group) == 0)
        end++;
    return end;
}

static void put_groups(fp_page *p, const fp_report *report, const entry *entries)
{
    static const char *const HEADS[COLUMNS] = {"KB", "state", "since", "by", "how sure", "from"};
    const table t = measure(p, report);
    put_row(p, &t, HEADS, FP_TONE_FAINT, FP_TONE_FAINT);
    for (size_t first = 0, end; first < report->hotfix_count; first = end) {
        end = group_end(entries, first, report->hotfix_count);
        put_group(p, &t, entries + first, end - first);
    }
}

static bool any_lags(const fp_report *report)
{
    for (size_t i = 0; i < report->hotfix_count; i++) {
        if (fp_case_hotfix_lags(report->casefile, &report->hotfixes[i]))
            return true;
    }
    return false;
}

/* "287 installed, 1 conflicting. There may be more: ..." */
static void put_summary(fp_page *p, const fp_report *report)
{
    static const fp_hotfix_state ORDER[] = {
        FP_HOTFIX_CONFLICTING, FP_HOTFIX_UNKNOWN, FP_HOTFIX_PENDING, FP_HOTFIX_INSTALLED,
        FP_HOTFIX_SUPERSEDED,  FP_HOTFIX_REMOVED, FP_HOTFIX_ABSENT,
    };
    size_t count[FP_HOTFIX_STATES] = {0};
    for (size_t i = 0; i < report->hotfix_count; i++)
        count[report->hotfixes[i].state]++;
    const char *text = "";
    for (size_t i = 0; i < sizeof ORDER / sizeof *ORDER; i++) {
        if (count[ORDER[i]] > 0)
            text =
                fp_page_format(p, "%s%s%s %s", text, *text != '\0' ? ", " : "",
                               fp_text_number(p, count[ORDER[i]]), fp_hotfix_state_name(ORDER[i]));
    }
    const bool complete = report->hotfixes_complete == FP_TRUE;
    const bool none = *text == '\0';
    static const char *const REST[2][2] = {
        {"There may be more: the evidence does not cover every place where they are kept.",
         "There are no others: every place that would record one was read."},
        {"None was seen, but the evidence does not cover every place where they are kept.",
         "None: every place that would record one was read."}};
    fp_page_putf(p, (fp_lead){.first = "  "}, "%s%s%s", text, none ? "" : ". ",
                 REST[none][complete]);
    if (any_lags(report))
        fp_page_put(p, (fp_lead){.first = "  "},
                    FP_STR("A hive's newest changes are missing (see the evidence): what is read "
                           "from it may have changed since."));
}

/* NULL: no memory. */
static entry *sorted_entries(fp_page *p, const fp_report *report)
{
    entry *entries = fp_arena_alloc_array(p->arena, report->hotfix_count + 1, sizeof *entries);
    if (entries == NULL) {
        p->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < report->hotfix_count; i++)
        entries[i] = entry_of(p, report, i);
    if (report->hotfix_count > 0)
        qsort(entries, report->hotfix_count, sizeof *entries, by_group);
    return entries;
}

void fp_text_hotfixes(fp_page *p, const fp_report *report)
{
    const entry *entries = sorted_entries(p, report);
    if (entries == NULL)
        return;
    fp_page_heading(p, "Hotfixes");
    put_summary(p, report);
    if (report->hotfix_count > 0)
        put_groups(p, report, entries);
}

/* ---- behind all else ---- */

/* By their numbers alone, so that they can be looked for. */
static void put_numbers(fp_page *p, const entry *entries, size_t count, fp_hotfix_state state)
{
    fp_out kbs = {0};
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const fp_hotfix *h = entries[i].hotfix;
        if (h->state != state || !is_plain(h))
            continue;
        fp_out_printf(&kbs, "%s%.*s", found > 0 ? " " : "", FP_STR_ARG(h->kb));
        found++;
    }
    if (found > 0) {
        fp_page_putf(p, (fp_lead){.first = "  "}, "%s, %s %s:", entries[0].group,
                     fp_text_number(p, found), fp_hotfix_state_name(state));
        fp_page_put(p, (fp_lead){.first = "    "}, (fp_str){kbs.data, kbs.size});
    }
    p->failed = p->failed || kbs.failed;
    fp_out_free(&kbs);
}

void fp_text_hotfix_numbers(fp_page *p, const fp_report *report)
{
    const entry *entries = sorted_entries(p, report);
    bool any = false;
    for (size_t first = 0, end; entries != NULL && first < report->hotfix_count; first = end) {
        end = group_end(entries, first, report->hotfix_count);
        if (!is_shortened(report, plain_ones(entries + first, end - first)))
            continue;
        if (!any)
            fp_page_heading(p, "Hotfixes that are only counted above");
        any = true;
        put_numbers(p, entries + first, end - first, FP_HOTFIX_INSTALLED);
        put_numbers(p, entries + first, end - first, FP_HOTFIX_SUPERSEDED);
        put_numbers(p, entries + first, end - first, FP_HOTFIX_REMOVED);
    }
    if (any)
        fp_page_put(p, (fp_lead){.first = "  "},
                    FP_STR("`--details` tells of each since when, by whom and from where."));
}
