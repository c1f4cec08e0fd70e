/* SPDX-License-Identifier: MIT */
#include "verify/attest/envelope.h"

#include "verify/attest/base64.h"
#include "verify/decide/form.h"
#include "verify/report/json_parts.h"

#include <string.h>

/* ---- what is signed ---- */

/* PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body (protocol.md). */
static fp_status signed_bytes(const fp_envelope *envelope, fp_arena *arena, fp_span *out)
{
    const fp_str type = envelope->payload_type;
    const fp_span body = envelope->payload;
    const char *head =
        fp_arena_printf(arena, "DSSEv1 %zu %.*s %zu ", type.size, FP_STR_ARG(type), body.size);
    const size_t head_size = head != NULL ? strlen(head) : 0;
    uint8_t *bytes = head != NULL ? fp_arena_alloc(arena, head_size + body.size) : NULL;
    if (bytes == NULL)
        return FP_NOMEM;
    memcpy(bytes, head, head_size);
    if (body.size > 0)
        memcpy(bytes + head_size, body.data, body.size);
    *out = fp_span_of(bytes, head_size + body.size);
    return FP_OK;
}

fp_status fp_envelope_sign(fp_str payload_type, fp_span payload, const fp_key *key, fp_arena *arena,
                           fp_envelope *out)
{
    fp_envelope envelope = {.payload_type = payload_type, .payload = payload};
    fp_span bytes;
    fp_envelope_signature *signature = fp_arena_alloc(arena, sizeof *signature);
    uint8_t *value = fp_arena_alloc(arena, FP_SIGNATURE_SIZE);
    if (signature == NULL || value == NULL)
        return FP_NOMEM;
    fp_status status = signed_bytes(&envelope, arena, &bytes);
    if (status == FP_OK)
        status = fp_str_dup(arena, fp_str_of(fp_key_id(key)), &signature->key_id);
    if (status == FP_OK)
        status = fp_key_sign(key, bytes, value);
    if (status != FP_OK)
        return status;
    signature->bytes = fp_span_of(value, FP_SIGNATURE_SIZE);
    signature->state = FP_SIGNATURE_GOOD;
    envelope.signatures = signature;
    envelope.signature_count = 1;
    *out = envelope;
    return FP_OK;
}

fp_status fp_envelope_verify(fp_envelope *envelope, const fp_key *key, fp_arena *arena, bool *good)
{
    fp_span bytes;
    bool any = false;
    fp_status status = signed_bytes(envelope, arena, &bytes);
    for (size_t i = 0; status == FP_OK && i < envelope->signature_count; i++) {
        fp_envelope_signature *signature = &envelope->signatures[i];
        const bool names_key = fp_str_ieq(signature->key_id, fp_str_of(fp_key_id(key)));
        bool holds = false;
        status = fp_key_verify(key, bytes, signature->bytes, &holds);
        signature->state = holds       ? FP_SIGNATURE_GOOD
                           : names_key ? FP_SIGNATURE_BAD
                                       : FP_SIGNATURE_OTHER;
        any = any || holds;
    }
    if (status == FP_OK)
        *good = any;
    return status;
}

/* ---- reading ---- */

typedef struct envelope_form {
    const fp_json *payload, *payload_type, *signatures;
} envelope_form;
static const fp_field envelope_fields[] = {
    {"payload", FP_FIELD_NODE, true, offsetof(envelope_form, payload), NULL},
    {"payloadType", FP_FIELD_NODE, true, offsetof(envelope_form, payload_type), NULL},
    {"signatures", FP_FIELD_ARRAY, true, offsetof(envelope_form, signatures), NULL},
};

typedef struct signature_form {
    const fp_json *sig, *keyid;
} signature_form;
static const fp_field signature_fields[] = {
    {"sig", FP_FIELD_NODE, true, offsetof(signature_form, sig), NULL},
    {"keyid", FP_FIELD_NODE, false, offsetof(signature_form, keyid), NULL},
};

static fp_str text_of(fp_form *form, const fp_place *at, const fp_json *node)
{
    if (node != NULL && !fp_json_is(node, FP_JSON_STRING))
        fp_form_error(form, at, "must be a string");
    return fp_json_string(node);
}

static void read_base64(fp_form *form, const fp_place *at, const fp_json *node, fp_span *out)
{
    fp_diag d = {0};
    const fp_status status = fp_base64_decode(text_of(form, at, node), form->arena, out, &d);
    form->no_memory = form->no_memory || status == FP_NOMEM;
    if (status == FP_FORMAT)
        fp_form_error(form, at, "%s (character %llu)", d.message, (unsigned long long)d.where + 1);
}

static void read_copy(fp_form *form, const fp_place *at, const fp_json *node, fp_str *out)
{
    if (fp_str_dup(form->arena, text_of(form, at, node), out) != FP_OK)
        form->no_memory = true;
}

static void read_signature(fp_form *form, const fp_place *at, const fp_json *node,
                           fp_envelope_signature *out)
{
    const fp_place sig = fp_place_key(at, FP_STR("sig"));
    const fp_place keyid = fp_place_key(at, FP_STR("keyid"));
    signature_form s = {0};
    if (!fp_form_is_object(form, at, node))
        return;
    fp_form_fill(form, at, node, FP_FIELDS(signature_fields), &s);
    read_base64(form, &sig, s.sig, &out->bytes);
    read_copy(form, &keyid, s.keyid, &out->key_id);
}

static void read_signatures(fp_form *form, const fp_place *top, const fp_json *list,
                            fp_envelope *out)
{
    const fp_place at = fp_place_key(top, FP_STR("signatures"));
    const size_t count = fp_json_size(list);
    if (count > FP_ENVELOPE_SIGNATURES_MAX) {
        fp_form_error(form, &at, "more than %d signatures", FP_ENVELOPE_SIGNATURES_MAX);
        return;
    }
    out->signatures = fp_arena_alloc_array(form->arena, count + 1, sizeof *out->signatures);
    if (out->signatures == NULL) {
        form->no_memory = true;
        return;
    }
    out->signature_count = count;
    for (size_t i = 0; i < count; i++) {
        const fp_place here = fp_place_index(&at, i);
        read_signature(form, &here, fp_json_at(list, i), &out->signatures[i]);
    }
}

static void read_envelope(fp_form *form, const fp_json *root, fp_envelope *out)
{
    const fp_place top = {0};
    const fp_place payload = fp_place_key(&top, FP_STR("payload"));
    const fp_place type = fp_place_key(&top, FP_STR("payloadType"));
    envelope_form e = {0};
    if (!fp_form_is_object(form, &top, root))
        return;
    fp_form_fill(form, &top, root, FP_FIELDS(envelope_fields), &e);
    read_base64(form, &payload, e.payload, &out->payload);
    read_copy(form, &type, e.payload_type, &out->payload_type);
    read_signatures(form, &top, e.signatures, out);
}

fp_status fp_envelope_read(fp_span json, fp_arena *arena, fp_envelope *out, fp_diag *d)
{
    fp_json *root;
    fp_envelope envelope = {0};
    fp_status status = fp_json_parse(json, &root, d);
    if (status != FP_OK)
        return status;
    fp_form form = {.module = "envelope", .document = json, .arena = arena, .d = d};
    read_envelope(&form, root, &envelope);
    fp_json_free(root);
    status = fp_form_status(&form);
    if (status == FP_OK)
        *out = envelope;
    return status;
}

/* ---- writing ---- */

static void put_base64(fp_doc *f, fp_json *object, const char *key, fp_span bytes)
{
    fp_str text = {NULL, 0};
    if (fp_base64_encode(bytes, f->arena, &text) != FP_OK)
        f->failed = true;
    fp_doc_put_text(f, object, key, text);
}

fp_status fp_envelope_write(const fp_envelope *envelope, fp_arena *arena, fp_out *out)
{
    fp_doc f = {.arena = arena};
    fp_json *root = fp_doc_object(&f);
    put_base64(&f, root, "payload", envelope->payload);
    fp_doc_put_text(&f, root, "payloadType", envelope->payload_type);
    fp_json *signatures = fp_doc_array(&f);
    for (size_t i = 0; i < envelope->signature_count; i++) {
        fp_json *node = fp_doc_object(&f);
        fp_doc_put_text(&f, node, "keyid", envelope->signatures[i].key_id);
        put_base64(&f, node, "sig", envelope->signatures[i].bytes);
        fp_doc_add(&f, signatures, node);
    }
    fp_doc_put(&f, root, "signatures", signatures);
    const fp_status status = fp_doc_write(&f, root, out);
    fp_json_free(root);
    return status;
}
