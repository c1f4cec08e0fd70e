/* SPDX-License-Identifier: MIT */
/* The cabinets of details: which of them are decoded, what is found in them, what damage does. */
#include "tests/support/archive_builder.h"
#include "tests/support/cab_builder.h"
#include "tests/support/check.h"

#include "inventory/catalog/catalog.h"

#include <stdio.h>
#include <unistd.h>

enum { BUDGET = 16 << 20, FILES_MAX = 16 };

#define GUID(last)  "0b0e5f0c-1111-4a4a-8b8b-00000000000" last
#define SHA1_OF_1   "NWoZK3kTsExUV00Ywo1G5jlUKKs="                 /* of "1" */
#define SHA256_OF_1 "a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=" /* of "1" */

static const char PACKAGE[] =
    "<OfflineSyncPackage PackageId=\"p\" CreationDate=\"2026-07-14T13:54:06Z\"><Updates>"
    "<Update UpdateId=\"" GUID(
        "1") "\" RevisionNumber=\"1\" RevisionId=\"10\" IsBundle=\"true\"/>"
             "<Update UpdateId=\"" GUID(
                 "2") "\" RevisionNumber=\"2\" RevisionId=\"500\" IsLeaf=\"true\">"
                      "<PayloadFiles><File Id=\"" SHA1_OF_1 "\"/><File Id=\"odd\"/></PayloadFiles>"
                      "<BundledBy><Revision Id=\"10\"/></BundledBy></Update>"
                      "<Update UpdateId=\"" GUID(
                          "3") "\" RevisionNumber=\"3\" RevisionId=\"11\"/>"
                               "</Updates><FileLocations><FileLocation Id=\"" SHA1_OF_1
                               "\" Url=\"http://u/1\"/>"
                               "</FileLocations></OfflineSyncPackage>";
static const char INDEX[] =
    "<INDEX><CABLIST><CAB NAME=\"package.cab\"/><CAB NAME=\"package2.cab\" RANGESTART=\"0\"/>"
    "<CAB NAME=\"package3.cab\" RANGESTART=\"500\"/></CABLIST></INDEX>";

#define CORE(id, number)                                                                           \
    "<UpdateIdentity UpdateID=\"" id "\" RevisionNumber=\"" number "\"/>"                          \
    "<Properties UpdateType=\"Software\"/><ApplicabilityRules><b.X/><y:Z/></ApplicabilityRules>"
#define KB(text)                                                                                   \
    "<ExtendedProperties MsrcSeverity=\"Critical\"><KBArticleID>" text                             \
    "</KBArticleID></ExtendedProperties>"
#define X_FILES                                                                                    \
    "<ExtendedProperties/><Files><File FileName=\"one.cab\" Size=\"1\" Digest=\"" SHA1_OF_1        \
    "\" DigestAlgorithm=\"SHA1\"><AdditionalDigest Algorithm=\"SHA256\">" SHA256_OF_1              \
    "</AdditionalDigest></File></Files>"
#define TITLE(language, text)                                                                      \
    "<LocalizedProperties><Language>" language "</Language><Title>" text                           \
    "</Title></LocalizedProperties>"

typedef struct world {
    const char *index;
    const char *two[2 * FILES_MAX]; /* of package2.cab: name, content ... NULL */
    const char *three[2 * FILES_MAX];
    bool break_two; /* a byte of its data */
    bool without_two;
    bool longer_two; /* bytes follow it */
} world;

static const world good = {
    INDEX,
    {"c\\10", CORE(GUID("1"), "1"), "x\\10", KB("954474"), "l\\en\\10",
     TITLE("en", "One &amp; all"), "l\\de\\10", TITLE("de", "Eins"), "c\\11", CORE(GUID("3"), "3"),
     "x\\11", KB("9544741")},
    {"c\\500", CORE(GUID("2"), "2"), "x\\500", X_FILES, "files\\00\\AB", "954474"},
    false,
    false,
    false,
};

static cab_bytes build_shard(const char *const *names)
{
    cab_file files[FILES_MAX];
    size_t count = 0;
    for (; names[2 * count] != NULL; count++)
        files[count] =
            (cab_file){.name = names[2 * count], .content = cab_text(names[2 * count + 1])};
    const cab_options mszip = {.mszip = true};
    return cab_build(files, count, &mszip);
}

static void lengthen(cab_bytes *cabinet)
{
    static const char tail[] = "more";
    uint8_t *longer = realloc(cabinet->data, cabinet->size + sizeof tail);
    if (longer == NULL)
        abort();
    memcpy(longer + cabinet->size, tail, sizeof tail);
    cabinet->data = longer;
    cabinet->size += sizeof tail;
}

static cab_bytes build_world(const world *w)
{
    const cab_file xml = {.name = "package.xml", .content = cab_text(PACKAGE)};
    cab_bytes package = cab_build(&xml, 1, NULL);
    cab_bytes two = build_shard(w->two), three = build_shard(w->three);
    if (w->break_two)
        two.data[two.size - 1] ^= 1;
    if (w->longer_two)
        lengthen(&two);
    cab_file members[4] = {{.name = "index.xml", .content = cab_text(w->index)},
                           {.name = "package.cab", .content = cab_span(&package)},
                           {.name = "package3.cab", .content = cab_span(&three)},
                           {.name = "package2.cab", .content = cab_span(&two)}};
    cab_bytes catalogue = cab_build(members, w->without_two ? 3 : 4, NULL);
    cab_free(&package);
    cab_free(&two);
    cab_free(&three);
    return catalogue;
}

/* ---- reading, as an evidence set does ------------------------------------------------- */

typedef struct reading {
    fp_catalog_reader *reader;
    const fp_catalog_request *request;
    uint64_t members; /* that came the first time, and the second */
    uint64_t again;
    bool enough; /* the last time ended before the catalogue did */
} reading;

static fp_status on_begin(void *context, const fp_archive_member *m)
{
    return fp_catalog_begin(((reading *)context)->reader, m);
}
static fp_status on_data(void *context, const fp_archive_member *m, fp_span b)
{
    return fp_catalog_data(((reading *)context)->reader, m, b);
}
static fp_status on_end(void *context, const fp_archive_member *m, bool complete)
{
    return fp_catalog_end(((reading *)context)->reader, m, complete);
}
static bool descends(void *context, const char *name, unsigned level)
{
    const reading *r = context;
    (void)level;
    return fp_catalog_wants(r->reader, r->request, fp_str_of(name));
}

static bool wants(void *context, const char *name, unsigned level)
{
    return fp_catalog_wants_bytes(((const reading *)context)->reader, fp_str_of(name), level);
}

static bool enough(void *context)
{
    return fp_catalog_enough(((const reading *)context)->reader);
}

static uint64_t read_once(reading *r, const cab_bytes *catalogue, fp_status *status)
{
    const fp_archive_events events = {.context = r,
                                      .begin = on_begin,
                                      .data = on_data,
                                      .end = on_end,
                                      .descend = descends,
                                      .wants = wants,
                                      .enough = enough};
    const int fd = descriptor_of(cab_span(catalogue));
    fp_archive_result result = {0};
    *status = fp_archive_read(fd, &fp_archive_default_limits, false, &events, &result, NULL);
    (void)close(fd);
    r->enough = result.fate == FP_FATE_ENOUGH;
    return result.members;
}

static bool leave_the_rest(fp_arena *arena, const cab_bytes *catalogue, reading *r)
{
    fp_cabinet_scanner *scanner = fp_cabinet_scan_new(arena);
    if (scanner == NULL)
        return false;
    fp_cabinet_scan(scanner, cab_span(catalogue));
    fp_catalog_left(r->reader, fp_cabinet_scan_end(scanner, true));
    return true;
}

/* NULL: no memory. */
static const fp_catalog *read_catalogue(fp_arena *arena, const cab_bytes *catalogue,
                                        const fp_catalog_request *request, reading *r)
{
    *r = (reading){.reader = fp_catalog_reader_new(arena, 1, request), .request = request};
    if (r->reader == NULL)
        return NULL;
    fp_status status;
    r->members = read_once(r, catalogue, &status);
    if (r->enough && !leave_the_rest(arena, catalogue, r))
        status = FP_NOMEM;
    if (status == FP_OK && fp_catalog_again(r->reader, true))
        r->again = read_once(r, catalogue, &status);
    const fp_catalog *c = fp_catalog_finish(r->reader, status == FP_OK);
    return status == FP_OK && !c->starved ? c : NULL;
}

static const fp_catalog *ask(fp_arena *arena, const world *w, const fp_catalog_request *request,
                             reading *r)
{
    cab_bytes catalogue = build_world(w);
    const fp_catalog *c = read_catalogue(arena, &catalogue, request, r);
    cab_free(&catalogue);
    assert_non_null(c);
    return c;
}

static const fp_catalog_key by_kb[] = {{FP_CATALOG_BY_KB, .number = 954474}};
static const fp_catalog_key by_revision[] = {{FP_CATALOG_BY_REVISION, .number = 10},
                                             {FP_CATALOG_BY_REVISION, .number = 11}};

/* ---- tests ---------------------------------------------------------------------------- */

static void only_what_is_needed_is_decoded(void **state)
{
    (void)state;
    reading r;
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_catalog_request request = {.keys = by_revision, .key_count = 1};
    const fp_catalog *c = ask(arena, &good, &request, &r);
    assert_int_equal(r.members, 3); /* index.xml, package.cab and what is in it */
    assert_int_equal(c->members, 4);
    assert_int_equal(r.again, 0);
    assert_int_equal(c->inner_sound, 1);
    assert_int_equal(c->inner_closed, 2);
    assert_false(fp_catalog_is_decoded(c));
    assert_null(fp_catalog_answer(&c->questions[0])->details);

    request = (fp_catalog_request){
        .keys = by_revision + 1, .key_count = 1, .details = true, .language = FP_STR("en")};
    c = ask(arena, &good, &request, &r);
    assert_int_equal(r.members, 3);
    assert_int_equal(r.again, 11); /* and the six of package2.cab, which comes last */
    const fp_catalog_key first = {FP_CATALOG_BY_REVISION, .number = 500};
    request.keys = &first;
    c = ask(arena, &good, &request, &r);
    assert_int_equal(r.again, 7); /* nor did package2.cab come */
    assert_true(r.enough && fp_catalog_answer(&c->questions[0])->details->read);
    request.relations = true;
    request.keys = by_revision;
    c = ask(arena, &good, &request, &r);
    assert_int_equal(r.again, 14); /* and those of package3.cab: it bundles 500 */
    fp_arena_free(arena);
}

static void details_of_a_bundle(void **state)
{
    (void)state;
    static const uint8_t sha1[2] = {0x35, 0x6A}, sha256[2] = {0x6B, 0x86};
    reading r;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_catalog_request request = {.keys = by_revision,
                                        .key_count = 1,
                                        .relations = true,
                                        .details = true,
                                        .language = FP_STR("EN")};
    const fp_catalog *c = ask(arena, &good, &request, &r);
    const fp_catalog_details *d = fp_catalog_answer(&c->questions[0])->details;
    assert_int_equal(c->problem_count, 0);
    assert_true(d->read);
    assert_str(d->shard, "package2.cab");
    assert_str(d->type, "Software");
    assert_str(d->severity, "Critical");
    assert_str(d->title, "One & all");
    assert_int_equal(d->kb_count, 1);
    assert_int_equal(d->kbs[0], 954474);
    assert_int_equal(d->file_count, 2);
    const fp_catalog_file *file = d->files[0].has_sha1 ? &d->files[0] : &d->files[1];
    assert_int_equal(file->revision_id, 500);
    assert_true(file->in_package && file->has_sha1 && file->has_sha256 && file->has_size);
    assert_memory_equal(file->sha1, sha1, 2);
    assert_memory_equal(file->sha256, sha256, 2);
    assert_int_equal(file->size, 1);
    assert_str(file->name, "one.cab");
    assert_str(file->url, "http://u/1");
    fp_arena_free(arena);
}

typedef struct kb_row {
    const char *name;
    const char *text; /* of revision 11's x/ */
    unsigned found;
    bool settled;
    const char *member; /* instead of "x\\11" */
} kb_row;

static const kb_row kb_rows[] = {
    {"another number that begins so", KB("9544741"), 1, true, NULL},
    {"the same number", KB("954474"), 2, true, NULL},
    {"white space around it", KB(" 954474\n"), 2, true, NULL},
    {"a zero before it", KB("0954474"), 2, true, NULL},
    {"character references", KB("9&#53;4474"), 2, true, NULL},
    {"a section", KB("9<![CDATA[54]]>474"), 2, true, NULL},
    {"a comment in it", KB("954<!-- -->474"), 2, true, NULL},
    {"an instruction in it", KB("954<?x?>474"), 2, true, NULL},
    {"elsewhere", "<Other><KBArticleID>954474</KBArticleID></Other>", 1, true, NULL},
    {"not as a number", KB("KB954474"), 1, false, NULL},
    {"not well-formed", "<ExtendedProperties><KBArticleID>954474", 1, false, NULL},
    {"a document type", "<!DOCTYPE f []>" KB("954474"), 1, false, NULL},
    {"out of our element", "</f>" KB("954474") "<f>", 1, false, NULL},
    {"several",
     "<ExtendedProperties><KBArticleID>1</KBArticleID><KBArticleID>954474"
     "</KBArticleID></ExtendedProperties>",
     2, true, NULL},
    {"a prefix",
     "<u:ExtendedProperties><u:KBArticleID>954474</u:KBArticleID>"
     "</u:ExtendedProperties>",
     2, true, NULL},
    {"an empty one", "", 1, true, NULL},
    {"a localised part", KB("954474"), 1, true, "l\\en\\11"},
    {"no number in the name", KB("954474"), 1, true, "x\\11a"},
    {"deeper", KB("954474"), 1, true, "x\\11\\1"},
    {"an older document",
     "<?xml version=\"1.0\"?><upd:Update xmlns:upd=\"u\"><upd:Properties>"
     "<upd:KBArticleID>954474</upd:KBArticleID></upd:Properties></upd:Update>",
     2, true, "s/11"},
    {"an older one without a declaration",
     "<upd:Update xmlns:upd=\"u\"><upd:Properties><upd:KBArticleID>954474</upd:KBArticleID>"
     "</upd:Properties></upd:Update>",
     2, true, "S\\11"},
};

static void kb_numbers_are_found(void **state)
{
    const kb_row *row = *state;
    world w = good;
    reading r;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_catalog_request request = {.keys = by_kb, .key_count = 1};
    w.two[10] = row->member != NULL ? row->member : "x\\11";
    w.two[11] = row->text;
    const fp_catalog *c = ask(arena, &w, &request, &r);
    const fp_catalog_question *q = &c->questions[0];
    assert_int_equal(r.members, 14);
    assert_int_equal(q->found, row->found);
    assert_int_equal(q->settled, row->settled);
    assert_int_equal(q->updates[0]->is->revision_id, 10);
    assert_str(q->updates[0]->update_id, GUID("1"));
    assert_int_equal(c->problem_count == 0, row->settled);
    fp_arena_free(arena);
}

/* The search for the digits would pass over them, and the parser refuses them: told, not passed
 * over. */
static void utf_16_may_hold_any_number(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool may;
    } rows[] = {{"<\0E\0/\0>", true},
                {"\0<\0E\0/\0>", true},
                {"\xFF\xFE<\0E\0/", true},
                {"\xFE\xFF\0<\0E\0/", true},
                {"<E12345/>", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(fp_fragment_may_name_kb(fp_span_of(rows[i].bytes, 7), 954474),
                         rows[i].may);
}

static void an_update_that_package_xml_lacks_is_found(void **state)
{
    (void)state;
    world w = good;
    reading r;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_catalog_request request = {.keys = by_kb, .key_count = 1};
    w.two[2] = "x\\77";
    const fp_catalog *c = ask(arena, &w, &request, &r);
    assert_int_equal(c->questions[0].found, 1);
    assert_int_equal(fp_catalog_answer(&c->questions[0])->is->revision_id, 77);
    assert_int_equal(fp_catalog_answer(&c->questions[0])->update_id.size, 0);
    fp_arena_free(arena);
}

static void damage_leaves_questions_open(void **state)
{
    (void)state;
    fp_catalog_request request = {.keys = by_kb, .key_count = 1};
    for (int what = 0; what < 4; what++) {
        world w = good;
        reading r;
        fp_arena *arena = fp_arena_new(BUDGET);
        w.break_two = what == 0;
        w.without_two = what == 1;
        if (what == 2)
            w.index = "<INDEX><CABLIST><CAB NAME=\"package2.cab\" RANGESTART=\"5\"/>"
                      "<CAB NAME=\"package3.cab\" RANGESTART=\"5\"/></CABLIST></INDEX>";
        if (what == 3)
            w.index = "<INDEX><CABLIST>";
        const fp_catalog *c = ask(arena, &w, &request, &r);
        assert_false(c->questions[0].settled);
        assert_true(c->problem_count > 0);
        assert_int_equal(c->inner_damaged, what == 0 ? 1 : 0);
        assert_int_equal(c->contradicts, what == 1 || what == 2);
        fp_arena_free(arena);
    }
    for (int what = 0; what < 2;
         what++) { /* details: of the shard that is broken, and of the other */
        static const fp_catalog_key keys[] = {{FP_CATALOG_BY_REVISION, .number = 11},
                                              {FP_CATALOG_BY_REVISION, .number = 500}};
        world w = good;
        reading r;
        fp_arena *arena = fp_arena_new(BUDGET);
        w.break_two = true;
        request = (fp_catalog_request){
            .keys = keys + what, .key_count = 1, .details = true, .language = FP_STR("en")};
        const fp_catalog *c = ask(arena, &w, &request, &r);
        assert_int_equal(fp_catalog_answer(&c->questions[0])->details->read, what == 1);
        fp_arena_free(arena);
    }
}

static void an_identity_that_differs_is_told(void **state)
{
    (void)state;
    world w = good;
    reading r;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_catalog_request request = {
        .keys = by_revision, .key_count = 1, .details = true, .language = FP_STR("en")};
    w.two[1] = CORE(GUID("1"), "2");
    assert_int_equal(ask(arena, &w, &request, &r)->problem_count, 1);
    fp_arena_free(arena);
}

static bool whole(const world *w, bool full)
{
    reading r;
    fp_arena *arena = fp_arena_new(BUDGET);
    const fp_catalog_request request = {.full = full};
    cab_bytes catalogue = build_world(w);
    fp_cabinet_scanner *s = fp_cabinet_scan_new(arena);
    fp_cabinet_scan(s, cab_span(&catalogue));
    const fp_cabinet *cabinet = fp_cabinet_scan_end(s, true);
    const bool is = fp_catalog_is_whole(read_catalogue(arena, &catalogue, &request, &r), cabinet);
    cab_free(&catalogue);
    fp_arena_free(arena);
    return is;
}

static void whole_is_what_was_looked_at(void **state)
{
    (void)state;
    world w = good;
    assert_true(whole(&w, true));
    assert_false(whole(&w, false));
    w.break_two = true;
    assert_false(whole(&w, true));
    w = good;
    w.without_two = true;
    assert_false(whole(&w, true));
    w = good;
    w.longer_two = true;
    assert_false(whole(&w, true));
    w = good;
    w.index = "<INDEX><CABLIST><CAB NAME=\"package.cab\"/>"
              "<CAB NAME=\"package2.cab\" RANGESTART=\"5\"/></CABLIST></INDEX>";
    assert_false(whole(&w, true));
    w = good;
    w.index = "<INDEX><CABLIST><CAB NAME=\"package.cab\"/>"
              "<CAB NAME=\"package3.cab\" RANGESTART=\"9\"/>"
              "<CAB NAME=\"package2.cab\" RANGESTART=\"5\"/></CABLIST></INDEX>";
    assert_false(whole(&w, true));
}

typedef struct judged_row {
    fp_decoder_fate nested;
    bool complete;
    size_t sound, damaged, closed;
} judged_row;

static void check_judged(const cab_bytes *shard, const judged_row *row)
{
    const fp_catalog_request request = {.full = true};
    const fp_archive_member m = {.level = 1,
                                 .name = FP_STR("package2.cab"),
                                 .regular = true,
                                 .is_archive = true,
                                 .nested = row->nested};
    fp_arena *arena = fp_arena_new(BUDGET);
    fp_catalog_reader *r = fp_catalog_reader_new(arena, 1, &request);
    assert_int_equal(fp_catalog_begin(r, &m), FP_OK);
    assert_int_equal(fp_catalog_data(r, &m, cab_span(shard)), FP_OK);
    assert_int_equal(fp_catalog_end(r, &m, row->complete), FP_OK);
    const fp_catalog *c = fp_catalog_finish(r, true);
    assert_int_equal(c->inner_sound, row->sound);
    assert_int_equal(c->inner_damaged, row->damaged);
    assert_int_equal(c->inner_closed, row->closed);
    fp_arena_free(arena);
}

/* Nested too deep, say: not decoded, and not damaged. */
static void a_limit_is_no_damage(void **state)
{
    (void)state;
    static const judged_row rows[] = {
        {FP_FATE_ENDED, true, 1, 0, 0},   {FP_FATE_LIMIT, true, 0, 0, 1},
        {FP_FATE_REFUSED, true, 0, 1, 0}, {FP_FATE_LIMIT, false, 0, 1, 0},
        {FP_FATE_ENDED, false, 0, 1, 0},  {FP_FATE_UNKNOWN, true, 0, 1, 0},
    };
    cab_bytes shard = build_shard(good.two);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_judged(&shard, &rows[i]);
    cab_free(&shard);
}

static void an_unsupported_form_is_no_damage(void **state)
{
    (void)state;
    enum { FLAGS = 30, NEXT = 2, TYPE = 6, QUANTUM = 0x1472, UNKNOWN = 4 };
    static const judged_row closed = {FP_FATE_REFUSED, true, 0, 0, 1};
    static const judged_row cut = {FP_FATE_REFUSED, false, 0, 1, 0};
    static const judged_row damaged = {FP_FATE_REFUSED, true, 0, 1, 0};
    cab_bytes shard = build_shard(good.two);
    cab_put_u16(&shard, shard.folders_at + TYPE, QUANTUM);
    check_judged(&shard, &closed);
    check_judged(&shard, &cut);
    cab_put_u16(&shard, shard.folders_at + TYPE, UNKNOWN);
    check_judged(&shard, &damaged);
    cab_put_u16(&shard, FLAGS, NEXT);
    check_judged(&shard, &closed);
    cab_free(&shard);
}

/* However little memory there is, it answers or says that there was none. */
static void budgets(void **state)
{
    (void)state;
    static const fp_catalog_key keys[] = {{FP_CATALOG_BY_KB, .number = 954474},
                                          {FP_CATALOG_BY_REVISION, .number = 10}};
    const fp_catalog_request request = {
        .keys = keys, .key_count = 2, .relations = true, .details = true, .language = FP_STR("en")};
    cab_bytes catalogue = build_world(&good);
    bool done = false;
    unsigned failed = 0;
    for (size_t budget = 0; !done; budget += 4096) {
        assert_true(budget < BUDGET);
        reading r;
        fp_arena *arena = fp_arena_new(budget);
        const fp_catalog *c = read_catalogue(arena, &catalogue, &request, &r);
        done = c != NULL;
        failed += !done;
        if (done)
            assert_true(fp_catalog_answer(&c->questions[1])->details->read);
        fp_arena_free(arena);
    }
    assert_true(failed > 10);
    cab_free(&catalogue);
}

static void names_of_fragments(void **state)
{
    (void)state;
    static const char *const none[] = {"",     "c",         "c/",  "c/x",  "c/1/",  "c//1",
                                       "/c/1", "e/1",       "l/1", "l//1", "l/en/", "c/4294967296",
                                       "c/-1", "files/00/1"};
    fp_fragment_name name;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (fp_fragment_name_parse(fp_str_of(none[i]), &name))
            fail_msg("%s", none[i]);
    assert_true(fp_fragment_name_parse(FP_STR("l\\zh-cn/4294967295"), &name));
    assert_int_equal(name.kind, FP_FRAGMENT_LOCALIZED);
    assert_int_equal(name.revision_id, 4294967295U);
    assert_str(name.language, "zh-cn");
}

/* However long the part that came: what it says is what stands in it, and no more. */
static void truncated_fragments(void **state)
{
    (void)state;
    static const char text[] = KB("954474") X_FILES TITLE("en", "One");
    static const char head[] = "<ExtendedProperties MsrcSeverity=\"Critical\"><KBArticleID>954474"
                               "</KBArticleID>";
    static const char title[] = "</LocalizedProperties>";
    static const fp_fragment_events none = {0};
    for (size_t size = 0; size <= sizeof text - 1; size++) {
        for (int complete = 0; complete < 2; complete++) {
            fp_fragment_reader *f = fp_fragment_new(FP_FRAGMENT_WHOLE, FP_STR("en"), &none);
            fp_fragment_feed(f, fp_span_of(text, size));
            const fp_fragment *said = fp_fragment_end(f, complete != 0);
            assert_int_equal(said->kb_count, size >= sizeof head - 1 ? 1 : 0);
            assert_false(said->kb_unreadable);
            assert_int_equal(said->title.size, size == sizeof text - 1 ? 3 : 0);
            if (size == sizeof text - 1)
                assert_null(fp_fragment_trouble(f)->what);
            if (complete != 0 && size > sizeof text - sizeof title && size < sizeof text - 1)
                assert_non_null(fp_fragment_trouble(f)->what);
            fp_fragment_free(f);
        }
    }
}

/* Of no bytes there may be no address either. */
static void an_empty_fragment_names_nothing(void **state)
{
    (void)state;
    assert_false(fp_fragment_may_name_kb(fp_span_of(NULL, 0), 954474));
}

static void base64_of_digests(void **state)
{
    (void)state;
    uint8_t out[3];
    assert_true(fp_base64_digest(FP_STR("/+8B"), out, 3));
    assert_memory_equal(out, "\xFF\xEF\x01", 3);
    assert_true(fp_base64_digest(FP_STR("/+8="), out, 2));
    assert_true(fp_base64_digest(FP_STR("/w=="), out, 1));
    assert_false(fp_base64_digest(FP_STR("/+8B"), out, 2));
    assert_false(fp_base64_digest(FP_STR("/+8"), out, 2));
    assert_false(fp_base64_digest(FP_STR("/+8=="), out, 2));
    assert_false(fp_base64_digest(FP_STR("/+8 "), out, 2));
    assert_false(fp_base64_digest(FP_STR("/-8="), out, 2));
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(only_what_is_needed_is_decoded),
        cmocka_unit_test(details_of_a_bundle),
        cmocka_unit_test(utf_16_may_hold_any_number),
        cmocka_unit_test(an_update_that_package_xml_lacks_is_found),
        cmocka_unit_test(damage_leaves_questions_open),
        cmocka_unit_test(an_identity_that_differs_is_told),
        cmocka_unit_test(whole_is_what_was_looked_at),
        cmocka_unit_test(an_unsupported_form_is_no_damage),
        cmocka_unit_test(a_limit_is_no_damage),
        cmocka_unit_test(budgets),
        cmocka_unit_test(names_of_fragments),
        cmocka_unit_test(truncated_fragments),
        cmocka_unit_test(an_empty_fragment_names_nothing),
        cmocka_unit_test(base64_of_digests),
    };
    enum { ROWS = sizeof kb_rows / sizeof *kb_rows, OTHERS = sizeof others / sizeof *others };
    static struct CMUnitTest tests[ROWS + OTHERS];
    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){kb_rows[i].name, kb_numbers_are_found, NULL, NULL,
                                       (void *)&kb_rows[i]};
    for (size_t i = 0; i < OTHERS; i++)
        tests[ROWS + i] = others[i];
    return RUN_TESTS(tests);
}
