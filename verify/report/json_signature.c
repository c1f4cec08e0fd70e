/* SPDX-License-Identifier: MIT */
/* Signatures: whose they are, and whether they hold. */
#include "verify/report/json_parts.h"

static void put_certificate(fp_doc *f, fp_json *node, const char *key, bool known,
                            const fp_authentic_certificate *c)
{
    if (!known) {
        fp_doc_put_null(f, node, key);
        return;
    }
    fp_json *certificate = fp_doc_object(f);
    fp_doc_put_text(f, certificate, "subject", c->subject);
    fp_doc_put_known(f, certificate, "common_name", c->common_name);
    fp_doc_put_known(f, certificate, "organization", c->organization);
    fp_doc_put_text(f, certificate, "issuer", c->issuer);
    fp_doc_put_text(f, certificate, "serial", c->serial);
    fp_doc_put_hex(f, certificate, "sha1", c->sha1, sizeof c->sha1);
    fp_doc_put_sha256(f, certificate, "sha256", c->sha256);
    fp_doc_put_time(f, certificate, "not_before", c->not_before);
    fp_doc_put_time(f, certificate, "not_after", c->not_after);
    fp_doc_put(f, node, key, certificate);
}

static void put_stamp(fp_doc *f, fp_json *node, const fp_authentic_stamp *stamp)
{
    static const char *const kinds[] = {"none", "rfc3161", "counter-signature"};
    if (stamp->kind == FP_STAMP_NONE) {
        fp_doc_put_null(f, node, "time_stamp");
        return;
    }
    fp_json *object = fp_doc_object(f);
    fp_doc_put_text(f, object, "kind", fp_str_of(kinds[stamp->kind]));
    fp_doc_put_time(f, object, "time", stamp->time);
    fp_doc_put_bool(f, object, "believed", stamp->believed);
    put_certificate(f, object, "signer", stamp->signer.subject.size > 0, &stamp->signer);
    put_certificate(f, object, "root", stamp->believed, &stamp->root);
    fp_doc_put_known(f, object, "missing_issuer", stamp->missing_issuer);
    fp_doc_put(f, node, "time_stamp", object);
}

static fp_json *signature_of(fp_doc *f, const fp_authentic_signature *s)
{
    fp_json *node = fp_doc_object(f);
    fp_doc_put_text(f, node, "result", fp_str_of(fp_authentic_result_name(s->result)));
    fp_doc_put_known(f, node, "failed_check", fp_str_of(fp_authentic_check_name(s->failed)));
    fp_doc_put_known(f, node, "reason", s->reason);
    fp_doc_put_known(f, node, "digest_algorithm", fp_str_of(s->digest_name));
    fp_doc_put_hex(f, node, "digest", s->digest_size > 0 ? s->digest : NULL, s->digest_size);
    put_certificate(f, node, "signer", s->has_signer, &s->signer);
    put_certificate(f, node, "root", s->has_root, &s->root);
    fp_doc_put_known(f, node, "missing_issuer", s->missing_issuer);
    put_stamp(f, node, &s->stamp);
    fp_doc_put_known(f, node, "weakness", s->weakness);
    return node;
}

void fp_json_put_authenticity(fp_doc *f, fp_json *node, const fp_authenticity *found)
{
    if (found == NULL) {
        fp_doc_put_null(f, node, "authenticity");
        return;
    }
    fp_json *object = fp_doc_object(f);
    fp_json *signatures = fp_doc_array(f);
    for (size_t i = 0; i < found->signature_count; i++)
        fp_doc_add(f, signatures, signature_of(f, &found->signatures[i]));
    fp_doc_put_text(f, object, "result", fp_str_of(fp_authentic_result_name(found->result)));
    fp_doc_put_known(f, object, "reason", found->reason);
    fp_doc_put_text(f, object, "revocation", FP_STR("not_checked"));
    if (found->decisive == NULL)
        fp_doc_put_null(f, object, "decisive");
    else
        fp_doc_put_number(f, object, "decisive", (uint64_t)(found->decisive - found->signatures));
    fp_doc_put(f, object, "signatures", signatures);
    fp_doc_put(f, node, "authenticity", object);
}
