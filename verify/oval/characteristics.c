/* SPDX-License-Identifier: MIT */
#include "verify/decide/copies.h"
#include "verify/oval/logic.h"
#include "verify/oval/oval.h"
#include "verify/oval/parts.h"

typedef struct collecting {
    const fp_report *report;
    const fp_result *result; /* of the advisory whose objects are collected */
    fp_oval_parts parts;     /* objects, for their ids */
    size_t objects_written;
    fp_out objects, items;
    fp_page object_page, item_page;
    unsigned item_count;
    fp_status status;
} collecting;

/* What became of looking at one object; items were written meanwhile. */
typedef struct found {
    unsigned first_item, items; /* their ids */
    const char *flag;
    const char *message; /* or NULL */
    const char *variable;
    fp_str answer;
} found;

/* ---- flags ---- */

static const char *flag_of_unknown(fp_unknown_why why)
{
    switch (why) {
    case FP_WHY_UNREADABLE:
    case FP_WHY_CONFLICTING:
        return "error";
    case FP_WHY_NOT_SUPPLIED:
    case FP_WHY_INCOMPLETE:
        break;
    }
    return "not collected";
}

static void flag(found *f, fp_tri exists, fp_unknown_why why)
{
    f->flag = exists == FP_TRUE    ? "complete"
              : exists == FP_FALSE ? "does not exist"
                                   : flag_of_unknown(why);
    f->message = exists == FP_UNKNOWN ? fp_unknown_why_name(why) : NULL;
}

/* ---- items ---- */

static fp_page *begin_item(collecting *c, const char *element, found *f)
{
    const unsigned id = ++c->item_count;
    if (f->items++ == 0)
        f->first_item = id;
    fp_out_printf(&c->items, "<%s id=\"%u\">", element, id);
    return &c->item_page;
}

static void put_key(fp_page *p, fp_str path)
{
    fp_str hive = {NULL, 0};
    fp_str key = {NULL, 0};
    (void)fp_oval_split_path(path, &hive, &key);
    fp_markup_element(p, "win:hive", hive);
    fp_markup_element(p, "win:key", key);
}

static void put_key_item(collecting *c, fp_str path, found *f)
{
    fp_page *p = begin_item(c, "win:registry_item", f);
    put_key(p, path);
    fp_markup_raw(p, "<win:name xsi:nil=\"true\" status=\"not collected\"/></win:registry_item>\n");
}

static const char *type_name(uint32_t type)
{
    static const char *const names[] = {
        [FP_REG_NONE] = "reg_none",           [FP_REG_SZ] = "reg_sz",
        [FP_REG_EXPAND_SZ] = "reg_expand_sz", [FP_REG_BINARY] = "reg_binary",
        [FP_REG_DWORD] = "reg_dword",         [FP_REG_DWORD_BE] = "reg_dword_big_endian",
        [FP_REG_LINK] = "reg_link",           [FP_REG_MULTI_SZ] = "reg_multi_sz",
        [FP_REG_QWORD] = "reg_qword"};
    return type < sizeof names / sizeof *names ? names[type] : NULL;
}

/*
 * Texts and numbers are what advisories ask for; of other types that they are there. An empty text
 * has no value: interpreters take one for a number, and OpenSCAP 1.3.7 does not survive it.
 */
static void put_data(collecting *c, fp_page *p, const fp_reg_value *value)
{
    fp_str text = {NULL, 0};
    uint64_t number;
    if (value->suspect) {
        fp_markup_raw(p, "<win:value status=\"error\"/>");
        return;
    }
    const bool is_number = fp_reg_value_u64(value, &number);
    if (!fp_reg_value_text(value, c->parts.arena, &text))
        fp_markup_raw(p, "<win:value status=\"not collected\"/>");
    else if (text.size > 0)
        fp_markup_element(p, is_number ? "win:value datatype=\"int\"" : "win:value", text);
}

static void put_value_item(collecting *c, fp_str path, const fp_reg_value *value, found *f)
{
    fp_page *p = begin_item(c, "win:registry_item", f);
    put_key(p, path);
    fp_markup_element(p, "win:name", value->name);
    if (type_name(value->type) != NULL)
        fp_markup_element(p, "win:type", fp_str_of(type_name(value->type)));
    put_data(c, p, value);
    fp_markup_raw(p, "</win:registry_item>\n");
}

/* ---- objects ---- */

/* As fp_assess has it: what a hive shows without its newest changes is not known of the server. */
static fp_reg_answer without_lagging(const collecting *c, fp_reg_answer answer)
{
    const bool lags = answer.exists == FP_TRUE &&
                      fp_registry_lags(c->report->casefile->registry, answer.origin.item);
    return lags ? (fp_reg_answer){.exists = FP_UNKNOWN, .why = FP_WHY_INCOMPLETE} : answer;
}

static void look_at_key(collecting *c, const fp_look *look, found *f)
{
    const fp_reg_answer answer =
        without_lagging(c, fp_registry_key(c->report->casefile->registry, look->path));
    flag(f, answer.exists, answer.why);
    if (answer.exists == FP_TRUE)
        put_key_item(c, look->path, f);
}

static fp_reg_answer look_at_value(collecting *c, fp_str path, fp_str name, found *f)
{
    fp_reg_value value;
    const fp_reg_answer answer =
        without_lagging(c, fp_registry_value(c->report->casefile->registry, path, name, &value));
    flag(f, answer.exists, answer.why);
    if (answer.exists == FP_TRUE)
        put_value_item(c, path, &value, f);
    return answer;
}

/* complete: both views were seen, and one has it at least. */
static void look_at_either_view(collecting *c, const fp_look *look, found *f)
{
    fp_str paths[2] = {{NULL, 0}, {NULL, 0}};
    paths[0] = fp_str_of(fp_arena_printf(c->parts.arena, "HKEY_LOCAL_MACHINE\\SOFTWARE\\%.*s",
                                         FP_STR_ARG(look->path)));
    if (!fp_registry_wow64_path(c->report->casefile->registry, paths[0], &paths[1])) {
        c->status = FP_NOMEM;
        return;
    }
    fp_tri any = FP_FALSE;
    fp_tri seen = FP_TRUE;
    fp_unknown_why why = FP_WHY_NOT_SUPPLIED;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const fp_reg_answer answer = look_at_value(c, paths[i], look->name, f);
        any = fp_tri_or(any, answer.exists);
        if (answer.exists != FP_UNKNOWN)
            continue;
        seen = FP_UNKNOWN;
        why = answer.why > why ? answer.why : why;
    }
    flag(f, any, why);
    if (any == FP_TRUE && seen == FP_UNKNOWN)
        f->flag = why >= FP_WHY_UNREADABLE ? "error" : "incomplete";
}

static void look_at_marker(collecting *c, const fp_look *look, found *f)
{
    const fp_hotfix *hotfix;
    const fp_status status = fp_case_hotfix(c->report->casefile, look->name, look->path, &hotfix);
    if (status != FP_OK) {
        c->status = c->status == FP_OK ? status : c->status;
        return;
    }
    fp_reg_answer present = {.exists = hotfix->present, .why = hotfix->why};
    if (fp_case_hotfix_lags(c->report->casefile, hotfix))
        present = (fp_reg_answer){.exists = FP_UNKNOWN, .why = FP_WHY_INCOMPLETE};
    flag(f, present.exists, present.why);
    for (size_t i = 0; present.exists == FP_TRUE && i < hotfix->trace_count; i++) {
        const fp_trace *t = &hotfix->traces[i];
        if (t->place == FP_TRACE_UPDATES && !t->other_product)
            put_key_item(c, t->key_path, f);
    }
    if (present.exists == FP_TRUE && (!hotfix->covered || hotfix->traces_lost))
        f->flag = "incomplete";
}

static void put_file_item(collecting *c, const fp_look *look, const fp_copy *copy, found *f)
{
    char text[FP_VERSION_TEXT_SIZE];
    const fp_version *version = fp_copy_version(copy);
    fp_page *p = begin_item(c, "win:file_item", f);
    fp_markup_element(p, "win:filename", copy->item != NULL ? copy->item->name : look->name);
    if (version != NULL)
        fp_markup_element(p, "win:version datatype=\"version\"",
                          fp_str_of(fp_version_format(version, text)));
    else
        fp_markup_raw(p, "<win:version datatype=\"version\" status=\"error\"/>");
    fp_markup_raw(p, "</win:file_item>\n");
}

/* That a file is not in the evidence says nothing of the server. */
static void look_at_file(collecting *c, const fp_look *look, found *f)
{
    fp_copies copies;
    fp_copies_find(c->report->casefile, look->name, &copies);
    for (size_t i = 0; i < copies.count; i++)
        put_file_item(c, look, &copies.at[i], f);
    f->flag = copies.count == 0 ? "not collected" : copies.too_many ? "incomplete" : "complete";
    f->message = copies.count == 0 ? "not in the evidence"
                                   : "every copy that the evidence holds; the server may have more";
}

static const fp_test_result *outcome_of(const fp_result *result, fp_str test)
{
    fp_report_tests tests;
    fp_report_tests_all(result, &tests);
    for (size_t i = 0; i < tests.count; i++)
        if (fp_str_eq(tests.at[i]->test->name, test))
            return tests.at[i]->outcome;
    return NULL;
}

static void look_at_answer(collecting *c, const fp_look *look, found *f)
{
    const fp_test_result *outcome = outcome_of(c->result, look->name);
    f->flag = "not collected"; /* a test that no rule asks */
    if (outcome == NULL)
        return;
    f->flag = "complete";
    f->message = outcome->is == FP_UNKNOWN ? fp_unknown_why_name(outcome->why) : NULL;
    f->variable = fp_oval_variable(&c->parts, look);
    f->answer = fp_str_of(fp_tri_name(outcome->is));
    fp_page *p = begin_item(c, "ind:variable_item", f);
    fp_markup_element(p, "ind:var_ref", fp_str_of(f->variable));
    fp_markup_element(p, "ind:value", f->answer);
    fp_markup_raw(p, "</ind:variable_item>\n");
}

static found look_at(collecting *c, const fp_look *look)
{
    found f = {.flag = "not collected"};
    switch (look->kind) {
    case FP_LOOK_KEY:
        look_at_key(c, look, &f);
        break;
    case FP_LOOK_VALUE:
        (void)look_at_value(c, look->path, look->name, &f);
        break;
    case FP_LOOK_EITHER_VIEW:
        look_at_either_view(c, look, &f);
        break;
    case FP_LOOK_UPDATE_MARKER:
        look_at_marker(c, look, &f);
        break;
    case FP_LOOK_FILE:
        look_at_file(c, look, &f);
        break;
    case FP_LOOK_ANSWER:
        look_at_answer(c, look, &f);
        break;
    }
    return f;
}

static void put_object(collecting *c, const fp_look *look, const char *id)
{
    const found f = look_at(c, look);
    fp_page *p = &c->object_page;
    fp_out_printf(&c->objects, "<object id=\"%s\" version=\"1\"", id);
    fp_markup_raw(p, " comment=\"");
    fp_markup_textf(p, "%s%s%s", fp_page_clean(p, look->path),
                    look->path.size > 0 && look->name.size > 0 ? ", " : "",
                    fp_page_clean(p, look->name));
    fp_out_printf(&c->objects, "\" flag=\"%s\">", f.flag);
    if (f.message != NULL)
        fp_markup_element(p, "message level=\"info\"", fp_str_of(f.message));
    if (f.variable != NULL) {
        fp_out_printf(&c->objects, "<variable_value variable_id=\"%s\">", f.variable);
        fp_markup_text(p, f.answer);
        fp_markup_raw(p, "</variable_value>");
    }
    for (unsigned i = 0; i < f.items; i++)
        fp_out_printf(&c->objects, "<reference item_ref=\"%u\"/>", f.first_item + i);
    fp_markup_raw(p, "</object>\n");
}

/* Every object is looked at once, whichever advisories ask for it. */
static void collect(collecting *c, const fp_claim *claim)
{
    if (fp_claim_looks(claim)) {
        const char *id = fp_oval_object(&c->parts, &claim->look);
        if (c->parts.sections[FP_OVAL_OBJECTS].count > c->objects_written) {
            c->objects_written++;
            put_object(c, &claim->look, id);
        }
    }
    for (const fp_claim *child = claim->first; child != NULL; child = child->next)
        collect(c, child);
}

static void collect_advisory(collecting *c, fp_claims *claims, const fp_result *result)
{
    fp_oval_logic logic;
    const fp_status status = fp_oval_logic_make(claims, result->advisory, &logic);
    if (c->status == FP_OK)
        c->status = status;
    if (status != FP_OK)
        return;
    c->result = result;
    for (size_t i = 0; i < result->advisory->test_count; i++)
        collect(c, logic.tests[i]);
}

/* ---- the document ---- */

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<oval_system_characteristics"
    " xmlns=\"http://oval.mitre.org/XMLSchema/oval-system-characteristics-5\""
    " xmlns:oval=\"http://oval.mitre.org/XMLSchema/oval-common-5\""
    " xmlns:win=\"http://oval.mitre.org/XMLSchema/oval-system-characteristics-5#windows\""
    " xmlns:ind=\"http://oval.mitre.org/XMLSchema/oval-system-characteristics-5#independent\""
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n";

/* A site server is a Windows server; which Windows, and of which architecture, is not asked. */
static void put_system(fp_page *p, fp_str host)
{
    fp_markup_raw(p, "<system_info><os_name>Windows</os_name><os_version>unknown</os_version>"
                     "<architecture>unknown</architecture>");
    fp_markup_element(p, "primary_host_name",
                      fp_str_trim(host).size > 0 ? host : FP_STR("unknown"));
    fp_markup_raw(p, "<interfaces/></system_info>\n");
}

static void put_document(collecting *c, fp_page *p)
{
    fp_markup_raw(p, head);
    fp_oval_generator_write(p, c->report->tool_version, c->report->generated);
    put_system(p, c->report->casefile->host);
    if (c->objects.size > 0) {
        fp_markup_raw(p, "<collected_objects>\n");
        fp_out_str(p->out, (fp_str){c->objects.data, c->objects.size});
        fp_markup_raw(p, "</collected_objects>\n");
    }
    if (c->items.size > 0) {
        fp_markup_raw(p, "<system_data>\n");
        fp_out_str(p->out, (fp_str){c->items.data, c->items.size});
        fp_markup_raw(p, "</system_data>\n");
    }
    fp_markup_raw(p, "</oval_system_characteristics>\n");
}

fp_status fp_oval_characteristics_write(const fp_report *report, fp_arena *arena, fp_out *out)
{
    collecting c = {.report = report, .parts = {.arena = arena}};
    fp_claims claims = {.arena = arena, .releases = report->casefile->releases};
    fp_page page = fp_oval_page(&c.parts, out);
    c.object_page = fp_oval_page(&c.parts, &c.objects);
    c.item_page = fp_oval_page(&c.parts, &c.items);
    for (size_t i = 0; i < report->result_count; i++)
        collect_advisory(&c, &claims, &report->results[i]);
    put_document(&c, &page);
    const bool failed = out->failed || c.objects.failed || c.items.failed || page.failed ||
                        c.object_page.failed || c.item_page.failed || claims.failed;
    fp_out_free(&c.objects);
    fp_out_free(&c.items);
    if (c.status != FP_OK)
        return c.status;
    if (c.parts.status != FP_OK)
        return c.parts.status;
    return failed ? FP_NOMEM : FP_OK;
}
