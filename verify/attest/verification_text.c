/* SPDX-License-Identifier: MIT */
#include "verify/attest/verification.h"

#include "verify/report/words.h"

enum { SHOWN_MAX = 100 /* lines of one list */, KEY_NAME_MAX = 128 /* bytes */, LABEL_WIDTH = 11 };

static void put(fp_page *p, const char *label, fp_tone tone, const char *format, ...)
    FP_PRINTF(4, 5);

/* A line of the body; the label stands on the first of its lines. */
static void put(fp_page *p, const char *label, fp_tone tone, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = fp_page_format_list(p, format, args);
    va_end(args);
    fp_page_put(p, (fp_lead){.first = "  ", .mark = label, .mark_width = LABEL_WIDTH, .tone = tone},
                fp_str_of(text));
}

static void conclude(fp_page *p, fp_answer answer)
{
    static const struct {
        const char *word, *meaning;
        fp_tone tone;
    } rows[FP_ANSWERS] = {
        [FP_ANSWER_OPEN] = {"OPEN", "nothing contradicts it, but not all could be checked",
                            FP_TONE_OPEN},
        [FP_ANSWER_VERIFIED] = {"VERIFIED", "all that was checked is as attested", FP_TONE_GOOD},
        [FP_ANSWER_NOT_VERIFIED] = {"NOT VERIFIED", "this is not what was attested", FP_TONE_BAD},
    };
    fp_page_put(p,
                (fp_lead){.mark = rows[answer].word, .mark_width = 14, .tone = rows[answer].tone},
                fp_str_of(rows[answer].meaning));
}

/* A stranger's word for the key: not more of it than a name is long. */
static const char *key_name(fp_page *p, fp_str id)
{
    const fp_str start = {id.data, id.size < KEY_NAME_MAX ? id.size : KEY_NAME_MAX};
    if (id.size == 0)
        return "it has no name";
    return fp_page_format(p, "%s%s", fp_page_clean(p, start), start.size < id.size ? "..." : "");
}

static void signatures(fp_page *p, const fp_verification *v)
{
    if (v->signed_by_key)
        put(p, "Signature", FP_TONE_GOOD, "by the key %s", v->key_id);
    else
        put(p, "Signature", FP_TONE_BAD, "none by the key %s", v->key_id);
    for (size_t i = 0; i < v->envelope->signature_count; i++) {
        const fp_envelope_signature *s = &v->envelope->signatures[i];
        if (s->state == FP_SIGNATURE_BAD)
            put(p, "", FP_TONE_BAD, "one names this key and was not made by it over this content");
        else if (s->state == FP_SIGNATURE_OTHER)
            put(p, "", FP_TONE_FAINT, "one by another key, not checked: %s",
                key_name(p, s->key_id));
    }
}

static const char *verdict_text(fp_page *p, const fp_record_result *r)
{
    const char *open = r->verdict == FP_UNDETERMINED
                           ? fp_page_format(p, " {%s}", fp_text_verdicts(p, r->possible))
                           : "";
    return fp_page_format(p, "%s%s, %s%s%s%s", fp_verdict_name(r->verdict), open,
                          fp_page_clean(p, r->reason), r->assurance.size > 0 ? " (" : "",
                          fp_page_clean(p, r->assurance), r->assurance.size > 0 ? ")" : "");
}

static void caveats(fp_page *p, const fp_record_result *r)
{
    for (size_t i = 0; i < r->caveats.count; i++)
        put(p, "", FP_TONE_PLAIN, "Caveat: %s", fp_page_clean(p, r->caveats.at[i]));
}

static void attested(fp_page *p, const fp_record *r)
{
    bool caveats_known = true;
    put(p, "Server", FP_TONE_STRONG, "%s%s%s",
        r->subject.host.size > 0 ? fp_page_clean(p, r->subject.host) : "not named",
        r->subject.site_code.size > 0 ? ", site " : "", fp_page_clean(p, r->subject.site_code));
    put(p, "Attested", FP_TONE_STRONG, "%s by fixproof %s, %s", fp_text_time(p, r->generated),
        fp_page_clean(p, r->tool_version), fp_page_clean(p, r->command));
    for (size_t i = 0; i < r->result_count; i++) {
        put(p, "", FP_TONE_PLAIN, "%s: %s", fp_page_clean(p, r->results[i].advisory),
            verdict_text(p, &r->results[i]));
        caveats(p, &r->results[i]);
        caveats_known = caveats_known && r->results[i].caveats_known;
    }
    if (!caveats_known)
        put(p, "Caveats", FP_TONE_OPEN, "not attested");
    for (size_t i = 0; i < r->statement_count; i++)
        put(p, i == 0 ? "Declared" : "", FP_TONE_STRONG, "%s = %s",
            fp_page_clean(p, r->statements[i].key), fp_page_clean(p, r->statements[i].value));
}

/* Whose caveats are others is shown them: they may be all that differs. */
static void disagreement(fp_page *p, const char *label, const fp_disagreement *x)
{
    if (x->attested == NULL)
        put(p, label, FP_TONE_BAD, "%s is not attested: %s", fp_page_clean(p, x->at_hand->advisory),
            verdict_text(p, x->at_hand));
    else
        put(p, label, FP_TONE_BAD, "%s is not as attested: %s",
            fp_page_clean(p, x->attested->advisory),
            x->at_hand != NULL ? verdict_text(p, x->at_hand) : "no verdict");
    if (x->at_hand == NULL || (x->attested != NULL && fp_same_caveats(x->attested, x->at_hand)))
        return;
    if (x->at_hand->caveats.count == 0 && x->attested != NULL)
        put(p, "", FP_TONE_PLAIN, "Caveats: none");
    caveats(p, x->at_hand);
}

/* Nothing where it says the same. */
static void claims(fp_page *p, const char *label, const fp_disagreements *c)
{
    if (c->other_server != NULL) {
        put(p, label, FP_TONE_BAD, "of another server: %s, site %s",
            fp_page_clean(p, c->other_server->host), fp_page_clean(p, c->other_server->site_code));
        label = "";
    }
    for (size_t i = 0; i < c->count; i++) {
        disagreement(p, label, &c->at[i]);
        label = "";
    }
}

static void report(fp_page *p, const fp_report_check *check)
{
    const char *path = check->path != NULL ? fp_page_clean(p, fp_str_of(check->path)) : NULL;
    if (path == NULL)
        put(p, "Report", FP_TONE_FAINT, "not compared: none was named (--report)");
    else if (!check->same)
        put(p, "Report", FP_TONE_BAD, "%s is not the one attested", path);
    else if (check->difference_count > 0)
        put(p, "Report", FP_TONE_BAD, "lists other evidence than is attested");
    else if (fp_disagreements_none(&check->claims))
        put(p, "Report", FP_TONE_GOOD, "%s is the one attested", path);
    else
        claims(p, "Report", &check->claims);
}

static void difference(fp_page *p, const char *label, const fp_difference *x)
{
    static const struct {
        const char *what;
        fp_tone tone;
    } rows[FP_DIFFERENCES] = {
        [FP_DIFFERENCE_UNREAD] = {"cannot be read", FP_TONE_OPEN},
        [FP_DIFFERENCE_UNREAD_BOTH] = {"cannot be read, nor could it then", FP_TONE_OPEN},
        [FP_DIFFERENCE_UNREAD_THEN] = {"could not be read then", FP_TONE_BAD},
        [FP_DIFFERENCE_CHANGED] = {"changed", FP_TONE_BAD},
        [FP_DIFFERENCE_MISSING] = {"missing", FP_TONE_BAD},
        [FP_DIFFERENCE_EXTRA] = {"extra, not attested", FP_TONE_BAD},
    };
    const fp_record_item *item = x->at_hand != NULL ? x->at_hand : x->attested;
    put(p, label, rows[x->kind].tone, "%s: %s", rows[x->kind].what, fp_page_clean(p, item->path));
}

static void evidence(fp_page *p, const fp_evidence_check *check)
{
    if (!check->done)
        put(p, "Evidence", FP_TONE_FAINT, "not compared: none was named");
    else if (check->difference_count == 0)
        put(p, "Evidence", FP_TONE_GOOD, "as attested, items: %zu", check->item_count);
    for (size_t i = 0; i < check->difference_count && i < SHOWN_MAX; i++)
        difference(p, i == 0 ? "Evidence" : "", &check->differences[i]);
    if (check->difference_count > SHOWN_MAX)
        put(p, "", FP_TONE_PLAIN, "and %zu more", check->difference_count - SHOWN_MAX);
}

/* A verdict may be another one for that alone. */
static void settings(fp_page *p, const fp_verdict_check *check)
{
    if (check->why_not == NULL && !check->settings_known)
        put(p, "Settings", FP_TONE_OPEN, "not attested");
    for (size_t i = 0; i < check->setting_count; i++) {
        const fp_setting_change *s = &check->settings[i];
        put(p, i == 0 ? "Settings" : "", FP_TONE_OPEN, "%s: attested %s, now %s",
            fp_text_setting(p, s), fp_text_setting_side(p, s, s->before),
            fp_text_setting_side(p, s, s->after));
    }
}

static void verdicts(fp_page *p, const fp_verification *v)
{
    const fp_verdict_check *check = &v->verdicts;
    if (!check->wanted)
        return;
    settings(p, check);
    if (check->why_not != NULL)
        put(p, "Verdicts", FP_TONE_OPEN, "not asked for again: %s",
            fp_page_clean(p, fp_str_of(check->why_not)));
    else if (fp_disagreements_none(&check->claims))
        put(p, "Verdicts", FP_TONE_GOOD, "the same again, all: %zu", v->attested.result_count);
    else
        claims(p, "Verdicts", &check->claims);
}

void fp_verification_text(const fp_verification *v, fp_page *p)
{
    conclude(p, fp_verification_answer(v));
    signatures(p, v);
    if (!v->signed_by_key)
        return;
    attested(p, &v->attested);
    report(p, &v->report);
    evidence(p, &v->evidence);
    verdicts(p, v);
}
