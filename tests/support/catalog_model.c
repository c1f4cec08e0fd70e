/* SPDX-License-Identifier: MIT */
#include "catalog_model.h"

#include "inventory/base/digest.h"

#include <string.h>

enum {
    GROUP = 33, /* updates: a detectoid, then 16 pairs of a bundle and its leaf */
    PAIRS = (GROUP - 1) / 2,
    PAIRS_PER_KB = 9,
    FIRST_KB = 890001,
    KB_STEP = 601
};

typedef enum update_kind { DETECTOID, BUNDLE, LEAF } update_kind;

/* ---- numbers that look like none: splitmix64 (public domain, Sebastiano Vigna) ---- */

typedef enum part { /* of an update, each with numbers of its own */
                    PART_REVISION,
                    PART_ID,
                    PART_NUMBER,
                    PART_DATE,
                    PART_PACKAGE,
                    PART_SUPERSEDED,
                    PART_CORE,
                    PART_RULES,
                    PART_EXTENDED,
                    PART_LANGUAGES,
                    PART_KB,
                    PART_FILE, /* the last: plus the file's number */
} part;

typedef struct dice {
    uint64_t state;
} dice;

static uint64_t next_number(dice *d)
{
    d->state += 0x9E3779B97F4A7C15U;
    uint64_t n = d->state;
    n = (n ^ n >> 30) * 0xBF58476D1CE4E5B9U;
    n = (n ^ n >> 27) * 0x94D049BB133111EBU;
    return n ^ n >> 31;
}

static unsigned roll(dice *d, unsigned sides)
{
    return (unsigned)((next_number(d) >> 32) % sides);
}

static dice dice_of(uint32_t update, unsigned which)
{
    dice d = {(uint64_t)update << 24 | which};
    d.state = next_number(&d);
    return d;
}

/* ---- updates ---- */

static update_kind kind_of(uint32_t update)
{
    const uint32_t place = update % GROUP;
    if (place == 0)
        return DETECTOID;
    return place % 2 == 1 ? BUNDLE : LEAF;
}

static uint32_t pair_of(uint32_t update)
{
    return update / GROUP * PAIRS + (update % GROUP - 1) / 2;
}

/* Ascending: each update has its own stretch of the numbers. */
uint32_t model_revision(const catalog_model *m, uint32_t update)
{
    const uint32_t step = MODEL_HIGHEST_REVISION / m->updates;
    if (update == (MODEL_KNOWN_REVISION - 1) / step)
        return MODEL_KNOWN_REVISION;
    dice d = dice_of(update, PART_REVISION);
    return update * step + 1 + roll(&d, step);
}

static unsigned revision_number(uint32_t update)
{
    dice d = dice_of(update, PART_NUMBER);
    return 100 + roll(&d, 110);
}

static uint32_t kb_of(const catalog_model *m, uint32_t update)
{
    if (kind_of(update) == DETECTOID)
        return 0;
    const uint32_t pair = pair_of(update);
    const uint32_t articles = m->updates / 2 / PAIRS_PER_KB + 1;
    dice d = dice_of(pair, PART_KB);
    return roll(&d, 100) < 85 ? FIRST_KB + pair % articles * KB_STEP : 0;
}

uint32_t model_kb_in_fragment(const catalog_model *m, uint32_t update)
{
    return kind_of(update) == BUNDLE ? kb_of(m, update) : 0;
}

uint32_t model_shards(const catalog_model *m)
{
    return (m->updates + MODEL_UPDATES_PER_SHARD - 1) / MODEL_UPDATES_PER_SHARD;
}

model_range model_shard(const catalog_model *m, uint32_t shard)
{
    const uint32_t first = shard * MODEL_UPDATES_PER_SHARD;
    const uint32_t left = m->updates - first;
    return (model_range){first,
                         first + (left < MODEL_UPDATES_PER_SHARD ? left : MODEL_UPDATES_PER_SHARD)};
}

/* ---- pieces of text ---- */

static void put_guid(dice *d, bool upper, fp_out *out)
{
    const uint64_t a = next_number(d);
    const uint64_t b = next_number(d);
    fp_out_printf(out, upper ? "%08X-%04X-4%03X-9%03X-%012llX" : "%08x-%04x-4%03x-9%03x-%012llx",
                  (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xFFFF), (unsigned)(a & 0xFFF),
                  (unsigned)(b >> 48 & 0xFFF), (unsigned long long)(b & 0xFFFFFFFFFFFF));
}

static void put_update_id(uint32_t update, bool upper, fp_out *out)
{
    dice d = dice_of(update, PART_ID);
    put_guid(&d, upper, out);
}

/* Arguments of a function are evaluated in any order: numbers are drawn before. */
static void put_date(dice *d, fp_out *out)
{
    const unsigned year = 2009 + roll(d, 17);
    const unsigned month = 1 + roll(d, 12);
    const unsigned day = 1 + roll(d, 28);
    const unsigned second = roll(d, 86400);
    fp_out_printf(out, "%04u-%02u-%02uT%02u:%02u:%02uZ", year, month, day, second / 3600,
                  second / 60 % 60, second % 60);
}

static void put_version(dice *d, fp_out *out)
{
    const unsigned build = 10240 + roll(d, 16000);
    fp_out_printf(out, "10.0.%u.%u", build, roll(d, 9000));
}

static void put_base64(fp_span bytes, fp_out *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.size; i += 3) {
        const size_t left = bytes.size - i;
        const unsigned group = (unsigned)bytes.data[i] << 16 |
                               (left > 1 ? (unsigned)bytes.data[i + 1] << 8 : 0) |
                               (left > 2 ? bytes.data[i + 2] : 0);
        const char text[4] = {digits[group >> 18], digits[group >> 12 & 63],
                              left > 1 ? digits[group >> 6 & 63] : '=',
                              left > 2 ? digits[group & 63] : '='};
        fp_out_str(out, (fp_str){text, sizeof text});
    }
}

typedef struct payload { /* a file of a leaf */
    uint8_t sha1[FP_SHA1_SIZE];
    uint8_t sha256[FP_SHA256_SIZE];
    unsigned size_bytes;
} payload;

static payload payload_of(uint32_t update, unsigned file)
{
    dice d = dice_of(update, PART_FILE + file);
    payload p;
    for (size_t i = 0; i < sizeof p.sha1; i++)
        p.sha1[i] = (uint8_t)next_number(&d);
    for (size_t i = 0; i < sizeof p.sha256; i++)
        p.sha256[i] = (uint8_t)next_number(&d);
    p.size_bytes = 1000 + roll(&d, 90000000);
    return p;
}

/* As many of its files have a place to download them from. */
static unsigned located_files(uint32_t update)
{
    dice d = dice_of(update, PART_PACKAGE);
    return kind_of(update) == LEAF ? 1 + roll(&d, 2) : 0;
}

/* ---- index.xml ---- */

static void put_shard(const catalog_model *m, uint32_t shard, fp_out *out)
{
    const uint32_t last = model_shards(m) - 1;
    uint32_t of = shard;
    if (m->flaw == MODEL_RANGE && last >= 1 && shard + 1 >= last)
        of = shard == last ? last - 1 : last;
    const uint32_t start = of == 0 ? 0 : model_revision(m, model_shard(m, of).first);
    fp_out_printf(out, "<CAB NAME=\"package%u.cab\" RANGESTART=\"%u\"%s />", shard + 2, start,
                  shard == 0 ? " FILESDIR=\"1\"" : "");
}

void model_index(const catalog_model *m, fp_out *out)
{
    fp_out_printf(out, "<INDEX VERSION=\"1\"><CABLIST XOR=\"%d\"><CAB NAME=\"package.cab\" />",
                  m->flaw == MODEL_XOR ? 1 : 0);
    for (uint32_t shard = 0; shard < model_shards(m); shard++)
        put_shard(m, shard, out);
    if (m->flaw == MODEL_MISSING)
        fp_out_printf(out, "<CAB NAME=\"package%u.cab\" RANGESTART=\"%u\" />", model_shards(m) + 2,
                      MODEL_HIGHEST_REVISION + 1U);
    fp_out_text(out, "</CABLIST></INDEX>");
}

/* ---- package.xml ---- */

static void put_entities(fp_out *out)
{
    fp_out_text(out, "<!DOCTYPE OfflineSyncPackage [<!ENTITY a0 \"aaaaaaaaaaaaaaaaaaaaaaaa\">");
    for (int i = 1; i < 10; i++) {
        fp_out_printf(out, "<!ENTITY a%d \"", i);
        for (int k = 0; k < 10; k++)
            fp_out_printf(out, "&a%d;", i - 1);
        fp_out_text(out, "\">");
    }
    fp_out_text(out, "]>");
}

void model_package_begin(const catalog_model *m, fp_out *out)
{
    fp_out_text(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    if (m->flaw == MODEL_ENTITIES)
        put_entities(out);
    fp_out_text(out, "<OfflineSyncPackage MinimumClientVersion=\"5.8.0.2678\" PackageId=\"");
    put_update_id(m->updates, false, out); /* one more than there are: of the package */
    fp_out_text(out, "\" PackageVersion=\"1.1\" ProtocolVersion=\"1.0\" "
                     "CreationDate=\"2026-07-14T13:54:06Z\" "
                     "SourceId=\"802cb907-a558-4033-9844-bbf65cd3481e\" "
                     "xmlns=\"http://schemas.microsoft.com/msus/2004/02/OfflineSync\"><Updates>");
    if (m->flaw == MODEL_ENTITIES)
        fp_out_text(out, "&a9;");
}

static void put_prerequisites(const catalog_model *m, dice *d, fp_out *out)
{
    const unsigned detectoids = m->updates / GROUP + 1;
    fp_out_text(out, "<Prerequisites>");
    for (unsigned left = 1 + roll(d, 3); left > 0; left--) {
        fp_out_text(out, "<UpdateId Id=\"");
        put_update_id(roll(d, detectoids) * GROUP, false, out);
        fp_out_text(out, "\" />");
    }
    if (roll(d, 4) == 0) {
        fp_out_text(out, "<Or>");
        for (unsigned left = 2 + roll(d, 2); left > 0; left--) {
            fp_out_text(out, "<UpdateId Id=\"");
            put_update_id(roll(d, detectoids) * GROUP, false, out);
            fp_out_text(out, "\" />");
        }
        fp_out_text(out, "</Or>");
    }
    fp_out_text(out, "</Prerequisites>");
}

/* By later ones, a few of which are not in the catalogue. */
static void put_superseded(const catalog_model *m, uint32_t update, fp_out *out)
{
    dice d = dice_of(update, PART_SUPERSEDED);
    if (roll(&d, 100) >= 21)
        return;
    fp_out_text(out, "<SupersededBy>");
    for (unsigned left = 1 + roll(&d, 39); left > 0; left--) {
        const uint32_t by = update + 1 + roll(&d, m->updates - update);
        const uint32_t dangling = roll(&d, 20) == 0 ? MODEL_HIGHEST_REVISION : 0;
        fp_out_printf(out, "<Revision Id=\"%u\" />",
                      dangling + model_revision(m, by < m->updates ? by : update));
    }
    fp_out_text(out, "</SupersededBy>");
}

static void put_category(const char *type, unsigned of, unsigned number, fp_out *out)
{
    fp_out_printf(out, "<Category Type=\"%s\" Id=\"", type);
    put_update_id(UINT32_MAX - of * 1000 - number, false, out);
    fp_out_text(out, "\" />");
}

static void put_categories(dice *d, fp_out *out)
{
    fp_out_text(out, "<Categories>");
    put_category("Company", 0, 0, out);
    put_category("Product", 1, roll(d, 300), out);
    put_category("ProductFamily", 2, roll(d, 20), out);
    put_category("UpdateClassification", 3, roll(d, 4), out);
    fp_out_text(out, "</Categories>");
}

static void put_payload(uint32_t update, fp_out *out)
{
    fp_out_text(out, "<PayloadFiles>");
    for (unsigned file = 0; file < located_files(update); file++) {
        const payload p = payload_of(update, file);
        fp_out_text(out, "<File Id=\"");
        put_base64(fp_span_of(p.sha1, sizeof p.sha1), out);
        fp_out_text(out, "\" />");
    }
    fp_out_text(out, "</PayloadFiles>");
}

static void put_children(const catalog_model *m, uint32_t update, dice *d, fp_out *out)
{
    if (kind_of(update) == LEAF)
        put_payload(update, out);
    put_prerequisites(m, d, out);
    if (kind_of(update) == LEAF) {
        fp_out_printf(out, "<BundledBy><Revision Id=\"%u\" /></BundledBy>",
                      model_revision(m, update - 1));
    } else {
        put_superseded(m, update, out);
        put_categories(d, out);
    }
    if (roll(d, 50) == 0)
        fp_out_text(out, "<Languages><Language Name=\"de\" /><Language Name=\"en\" /></Languages>");
}

static void put_update_head(const catalog_model *m, uint32_t update, const char *more, fp_out *out)
{
    dice d = dice_of(update, PART_DATE);
    fp_out_text(out, "<Update CreationDate=\"");
    put_date(&d, out);
    fp_out_text(out, "\" DefaultLanguage=\"en\" UpdateId=\"");
    put_update_id(update, false, out);
    fp_out_printf(out, "\" RevisionNumber=\"%u\" RevisionId=\"%u\"%s", revision_number(update),
                  model_revision(m, update), more);
}

void model_package_update(const catalog_model *m, uint32_t update, fp_out *out)
{
    static const char *const kinds[] = {[DETECTOID] =
                                            " DeploymentAction=\"Evaluate\" IsSoftware=\"false\"",
                                        [BUNDLE] = " IsBundle=\"true\"",
                                        [LEAF] = " IsLeaf=\"true\" DeploymentAction=\"Bundle\""};
    const bool known = model_revision(m, update) == MODEL_KNOWN_REVISION;
    dice d = dice_of(update, PART_PACKAGE);
    if (known && m->flaw == MODEL_DUPLICATE) {
        put_update_head(m, update, " DeploymentAction=\"Install\"", out);
        fp_out_text(out, " />");
    }
    put_update_head(m, update,
                    known ? " DeploymentAction=\"PreDeploymentCheck\"" : kinds[kind_of(update)],
                    out);
    if (kind_of(update) == DETECTOID) {
        fp_out_text(out, " />");
        return;
    }
    fp_out_text(out, ">");
    put_children(m, update, &d, out);
    fp_out_text(out, "</Update>");
}

void model_package_middle(const catalog_model *m, fp_out *out)
{
    (void)m;
    fp_out_text(out, "</Updates><FileLocations>");
}

void model_package_location(const catalog_model *m, uint32_t update, fp_out *out)
{
    const uint32_t kb = kb_of(m, update);
    for (unsigned file = 0; file < located_files(update); file++) {
        const payload p = payload_of(update, file);
        char hex[2 * FP_SHA1_SIZE + 1];
        fp_hex(p.sha1, sizeof p.sha1, hex);
        fp_out_text(out, "<FileLocation Id=\"");
        put_base64(fp_span_of(p.sha1, sizeof p.sha1), out);
        fp_out_printf(out,
                      "\" Url=\"http://download.windowsupdate.com/d/msdownload/update/software/"
                      "secu/2026/%02u/windows10.0-kb%u-x64_%s.cab\" />",
                      1 + file, kb, hex);
    }
}

void model_package_end(const catalog_model *m, fp_out *out)
{
    fp_out_text(out, m->flaw == MODEL_CUT_XML ? "</FileLocations"
                                              : "</FileLocations></OfflineSyncPackage>");
}

/* ---- c/ ---- */

static const char *const modules[] = {
    "kernel32", "ntoskrnl", "win32kfull", "mshtml", "jscript9", "tcpip",  "srv2",    "schannel",
    "crypt32",  "ole32",    "rpcrt4",     "gdi32",  "user32",   "msxml6", "wininet", "edgehtml"};

enum { MODULES = sizeof modules / sizeof modules[0] };

static const char *module_of(dice *d)
{
    return modules[roll(d, MODULES)];
}

static void put_file_rule(dice *d, fp_out *out)
{
    fp_out_printf(out, "<b.FileVersion Csidl=\"37\" Path=\"%s.dll\" ", module_of(d));
    fp_out_text(out, "Comparison=\"GreaterThanOrEqualTo\" Version=\"");
    put_version(d, out);
    fp_out_text(out, "\" />");
}

static void put_component_rule(dice *d, fp_out *out)
{
    fp_out_printf(out, "<d.ComponentInstalled Identity=\"Microsoft-Windows-%s-Component, ",
                  module_of(d));
    fp_out_text(out, "Culture=neutral, Version=");
    put_version(d, out);
    fp_out_printf(out,
                  ", PublicKeyToken=31bf3856ad364e35, ProcessorArchitecture=amd64, "
                  "versionScope=NonSxS\" Hash=\"%016llx\" />",
                  (unsigned long long)next_number(d));
}

static void put_registry_rule(dice *d, fp_out *out)
{
    fp_out_text(out, "<b.RegSz Key=\"HKEY_LOCAL_MACHINE\" Subkey=\"SOFTWARE\\Microsoft\\Windows\\"
                     "CurrentVersion\\Component Based Servicing\\Packages\\Package_for_");
    fp_out_printf(out, "%u~31bf3856ad364e35~amd64~~", roll(d, 9000));
    put_version(d, out);
    fp_out_text(out, "\" Value=\"CurrentState\" Comparison=\"EqualTo\" Data=\"112\" />");
}

static void put_product_rule(dice *d, fp_out *out)
{
    fp_out_text(out, "<m.MsiProductInstalled ProductCode=\"{");
    put_guid(d, true, out);
    fp_out_text(out, "}\" VersionMin=\"16.0.0.0\" VersionMax=\"16.0.65535.65535\" />");
}

/* Most updates are small, an eighth of them eight times as large. */
static unsigned crowd(dice *d, unsigned least, unsigned spread)
{
    const unsigned count = least + roll(d, spread);
    return roll(d, 8) == 0 ? 8 * count : count;
}

/* A bundle and its leaf ask the same, and both of what is there and of what can be installed: real
 * fragments repeat themselves, too. */
static void put_rules(const char *name, uint32_t update, fp_out *out)
{
    static void (*const rules[])(dice * d, fp_out * out) = {
        put_file_rule, put_component_rule, put_component_rule, put_registry_rule, put_product_rule};
    dice d = dice_of(kind_of(update) == DETECTOID ? update : pair_of(update), PART_RULES);
    fp_out_printf(out, "<%s><And><b.Processor Architecture=\"9\" />", name);
    for (unsigned left = crowd(&d, 20, 50); left > 0; left--)
        rules[roll(&d, sizeof rules / sizeof rules[0])](&d, out);
    fp_out_printf(out, "</And></%s>", name);
}

static void put_relationships(const catalog_model *m, uint32_t update, dice *d, fp_out *out)
{
    fp_out_text(out, "<Relationships><Prerequisites>");
    for (unsigned left = 1 + roll(d, 3); left > 0; left--) {
        fp_out_text(out, "<UpdateIdentity UpdateID=\"");
        put_update_id(roll(d, m->updates / GROUP + 1) * GROUP, left == 2, out);
        fp_out_text(out, "\" />");
    }
    fp_out_text(out, "</Prerequisites>");
    if (kind_of(update) == BUNDLE && update + 1 < m->updates) {
        fp_out_text(out, "<BundledUpdates><AtLeastOne><UpdateIdentity UpdateID=\"");
        put_update_id(update + 1, false, out);
        fp_out_text(out, "\" RevisionNumber=\"100\" /></AtLeastOne></BundledUpdates>");
    }
    fp_out_text(out, "</Relationships>");
}

void model_core(const catalog_model *m, uint32_t update, fp_out *out)
{
    dice d = dice_of(update, PART_CORE);
    fp_out_text(out, "<UpdateIdentity UpdateID=\"");
    put_update_id(update, update % 3 == 0, out);
    fp_out_printf(out, "\" RevisionNumber=\"%u\" />", revision_number(update));
    fp_out_text(out, kind_of(update) == DETECTOID
                         ? "<Properties UpdateType=\"Detectoid\" />"
                         : "<Properties UpdateType=\"Software\" ExplicitlyDeployable=\"true\" "
                           "AutoSelectOnWebSites=\"true\" />");
    put_relationships(m, update, &d, out);
    fp_out_text(out, "<ApplicabilityRules>");
    put_rules("IsInstalled", update, out);
    put_rules("IsInstallable", update, out);
    fp_out_text(out, "</ApplicabilityRules>");
}

/* ---- x/ ---- */

static void put_file(uint32_t update, unsigned file, uint32_t kb, fp_out *out)
{
    const payload p = payload_of(update, file);
    dice d = dice_of(update, PART_FILE + file);
    fp_out_printf(out, "<File FileName=\"windows10.0-kb%u-x64_%s_%u.cab\" Size=\"%u\" Modified=\"",
                  kb, modules[file % MODULES], file, p.size_bytes);
    put_date(&d, out);
    fp_out_text(out, "\" Digest=\"");
    put_base64(fp_span_of(p.sha1, sizeof p.sha1), out);
    fp_out_printf(out, "\" DigestAlgorithm=\"SHA1\"%s><AdditionalDigest Algorithm=\"SHA256\">",
                  file % 5 == 4 ? " PatchingType=\"Express\"" : "");
    put_base64(fp_span_of(p.sha256, sizeof p.sha256), out);
    fp_out_text(out, "</AdditionalDigest></File>");
}

static void put_article(uint32_t kb, dice *d, fp_out *out)
{
    fp_out_printf(out, "<KBArticleID>%u</KBArticleID>", kb);
    for (unsigned left = roll(d, 6); left > 0; left--) {
        const unsigned year = 2009 + roll(d, 17);
        fp_out_printf(out, "<CveID>CVE-%u-%u</CveID>", year, 1000 + roll(d, 59000));
    }
}

static void put_properties(const catalog_model *m, uint32_t update, dice *d, fp_out *out)
{
    static const char *const severities[] = {"Critical", "Important", "Moderate", "Low"};
    const uint32_t kb = model_kb_in_fragment(m, update);
    fp_out_printf(out, "<ExtendedProperties ProductName=\"Product %u\" ReleaseVersion=\"",
                  roll(d, 300));
    put_version(d, out);
    fp_out_printf(out,
                  "\" DefaultPropertiesLanguage=\"en\" Handler=\"http://schemas.microsoft.com/"
                  "msus/2002/12/UpdateHandlers/Cbs\" MaxDownloadSize=\"%u\" MinDownloadSize=\"0\" ",
                  roll(d, 900000000));
    fp_out_printf(out, "MsrcSeverity=\"%s\">", severities[roll(d, 4)]);
    fp_out_text(out, "<InstallationBehavior RebootBehavior=\"CanRequestReboot\" />"
                     "<UninstallationBehavior />"
                     "<SupportUrl>https://support.microsoft.com/</SupportUrl>");
    if (kb != 0)
        put_article(kb, d, out);
    fp_out_text(out, "</ExtendedProperties>");
}

void model_extended(const catalog_model *m, uint32_t update, fp_out *out)
{
    dice d = dice_of(update, PART_EXTENDED);
    put_properties(m, update, &d, out);
    if (kind_of(update) != LEAF)
        return;
    const unsigned files = crowd(&d, 15, 50);
    fp_out_text(out, "<Files>");
    for (unsigned file = 0; file < files; file++)
        put_file(update, file, kb_of(m, update), out);
    fp_out_text(out, "</Files><HandlerSpecificData type=\"cbs:Cbs\"><CbsData "
                     "PackageIdentity=\"Package_for_RollupFix~31bf3856ad364e35~amd64~~10.0\" />"
                     "</HandlerSpecificData>");
}

/* ---- l/ ---- */

static const struct {
    const char *code;
    const char *kind;
} languages[MODEL_LANGUAGES] = {
    {"en", "Security Update"},
    {"ar", "تحديث الأمان"},
    {"bg", "Актуализация на защитата"},
    {"cs", "Aktualizace zabezpečení"},
    {"da", "Sikkerhedsopdatering"},
    {"de", "Sicherheitsupdate"},
    {"el", "Ενημέρωση ασφαλείας"},
    {"es", "Actualización de seguridad"},
    {"et", "Turvavärskendus"},
    {"fi", "Suojauspäivitys"},
    {"fr", "Mise à jour de sécurité"},
    {"he", "עדכון אבטחה"},
    {"hi", "सुरक्षा अद्यतन"},
    {"hr", "Sigurnosno ažuriranje"},
    {"hu", "Biztonsági frissítés"},
    {"it", "Aggiornamento della protezione"},
    {"ja", "セキュリティ更新プログラム"},
    {"ko", "보안 업데이트"},
    {"lt", "Saugos naujinimas"},
    {"lv", "Drošības atjauninājums"},
    {"nl", "Beveiligingsupdate"},
    {"no", "Sikkerhetsoppdatering"},
    {"pl", "Aktualizacja zabezpieczeń"},
    {"pt", "Actualização de Segurança"},
    {"pt-br", "Atualização de Segurança"},
    {"ro", "Actualizare de securitate"},
    {"ru", "Обновление безопасности"},
    {"sk", "Aktualizácia zabezpečenia"},
    {"sl", "Varnostna posodobitev"},
    {"sr", "Bezbednosna ispravka"},
    {"sv", "Säkerhetsuppdatering"},
    {"th", "การปรับปรุงการรักษาความปลอดภัย"},
    {"tr", "Güvenlik Güncelleştirmesi"},
    {"uk", "Оновлення безпеки"},
    {"zh-cn", "安全更新程序"},
    {"zh-hk", "安全性更新"},
    {"zh-tw", "安全性更新"},
};

const char *model_language(unsigned language)
{
    return languages[language].code;
}

static void put_title(unsigned language, uint32_t kb, dice *d, fp_out *out)
{
    const unsigned year = 2009 + roll(d, 17);
    const unsigned month = 1 + roll(d, 12);
    fp_out_printf(out, "<Title>%04u-%02u %s, Product %u, x64", year, month,
                  languages[language].kind, roll(d, 300));
    if (kb != 0)
        fp_out_printf(out, " (KB%u)", kb);
    fp_out_text(out, "</Title>");
}

bool model_localized(const catalog_model *m, uint32_t update, unsigned language, fp_out *out)
{
    dice has = dice_of(update, PART_LANGUAGES);
    if (kind_of(update) == DETECTOID || roll(&has, 100) >= 62)
        return false;
    dice d = dice_of(update, PART_LANGUAGES | (language + 1) << 8);
    if (language > 0 && roll(&d, 100) >= 14)
        return false;
    const uint32_t kb = kb_of(m, update);
    fp_out_printf(out, "<LocalizedProperties><Language>%s</Language>", languages[language].code);
    put_title(language, kb, &d, out);
    fp_out_printf(out,
                  "<Description>%s. A vulnerability in this product, number %u, was made public. "
                  "After this item is installed the computer may have to be started again."
                  "</Description><UninstallNotes>Programs and Features, View installed updates."
                  "</UninstallNotes><MoreInfoUrl>https://support.microsoft.com/help/%u"
                  "</MoreInfoUrl><SupportUrl>https://support.microsoft.com/</SupportUrl>"
                  "</LocalizedProperties>",
                  languages[language].kind, roll(&d, 60000), kb);
    return true;
}

/* ---- files/ ---- */

void model_licence(unsigned licence, fp_out *out)
{
    fp_out text = {0};
    fp_out_printf(&text, "Licence terms number %u.\r\n", licence);
    for (unsigned i = 0; i < 400; i++)
        fp_out_printf(&text, "%u. Nobody has agreed to clause %u of these invented terms.\r\n", i,
                      (i * 7 + licence) % 1000);
    fp_out_text(out, "\xFF\xFE");
    for (size_t i = 0; i < text.size; i++) {
        fp_out_char(out, text.data[i], 1);
        fp_out_char(out, '\0', 1);
    }
    fp_out_free(&text);
}
