/* SPDX-License-Identifier: MIT */
#include "verify/authentic/x509_parts.h"

#include <openssl/x509v3.h>

enum {
    CHAIN_DEPTH_MAX = 8, /* authorities between leaf and root */
    RSA_BITS_MIN = 2048, /* NIST SP 800-131A: shorter ones are for old signatures only */
    EC_BITS_MIN = 224,
    MS_PER_SECOND = 1000
};

/* 1.3.6.1.4.1.311.10.3.13, lifetimeSigning ("Windows Authenticode Portable Executable Signature
 * Format", "Lifetime Signer OID"): the time stamp does not outlive the certificate. */
static const fp_oid OID_LIFETIME = {10,
                                    {0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0A, 0x03, 0x0D}};

typedef STACK_OF(X509) stack;

/* ---- what a certificate is for -------------------------------------------------------- */

static bool names_usage(const EXTENDED_KEY_USAGE *usages, int nid)
{
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
        if (OBJ_obj2nid(sk_ASN1_OBJECT_value(usages, i)) == nid)
            return true;
    }
    return false;
}

static bool names_lifetime(const EXTENDED_KEY_USAGE *usages)
{
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
        const ASN1_OBJECT *usage = sk_ASN1_OBJECT_value(usages, i);
        if (fp_oid_is(fp_span_of(OBJ_get0_data(usage), OBJ_length(usage)), &OID_LIFETIME))
            return true;
    }
    return false;
}

/* A leaf must name the usage; an authority must not have been restricted to others. */
static bool is_for(X509 *certificate, fp_usage usage, bool leaf, bool *lifetime)
{
    const int nid = usage == FP_USAGE_CODE_SIGNING ? NID_code_sign : NID_time_stamp;
    int critical = -1; /* -1: the extension is not there; other negative values: it is damaged */
    EXTENDED_KEY_USAGE *usages = X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, NULL);
    if (usages == NULL)
        return critical == -1 && !leaf;
    const bool fits =
        names_usage(usages, nid) || (!leaf && names_usage(usages, NID_anyExtendedKeyUsage));
    if (leaf)
        *lifetime = names_lifetime(usages);
    EXTENDED_KEY_USAGE_free(usages);
    return fits;
}

/* RFC 5280, 4.2.1.3. Without the extension a key may do anything. */
static bool may_sign(X509 *leaf)
{
    return (X509_get_key_usage(leaf) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

/* Not the root: it is believed for what it is, not for what a chain says of it. */
static void check_usages(stack *chain, fp_usage usage, fp_chain *out)
{
    const int authorities = sk_X509_num(chain) - 1;
    bool fits = may_sign(sk_X509_value(chain, 0));
    for (int i = 0; i < (authorities > 0 ? authorities : 1) && fits; i++)
        fits = is_for(sk_X509_value(chain, i), usage, i == 0, &out->lifetime);
    if (fits)
        return;
    out->state = FP_CHAIN_WRONG_USAGE;
    out->reason = usage == FP_USAGE_CODE_SIGNING
                      ? FP_STR("a certificate of the chain is not for signing code")
                      : FP_STR("a certificate of the chain is not for time stamps");
}

/* ---- what is weak --------------------------------------------------------------------- */

static bool has_weak_key(X509 *certificate)
{
    const EVP_PKEY *key = X509_get0_pubkey(certificate);
    if (key == NULL)
        return true;
    const int least = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? EC_BITS_MIN : RSA_BITS_MIN;
    return EVP_PKEY_get_bits(key) < least;
}

static bool has_weak_signature(X509 *certificate)
{
    int md = NID_undef;
    return X509_get_signature_info(certificate, &md, NULL, NULL, NULL) != 1 || md == NID_md5 ||
           md == NID_sha1 || md == NID_md5_sha1 || md == NID_md4 || md == NID_md2;
}

static void look_at_root(const fp_trust *trust, X509 *root, fp_chain *out)
{
    const fp_pin *pin = fp_trust_pin(trust, root);
    if (pin == NULL)
        return;
    out->publisher = (fp_str){pin->publisher, pin->publisher_size};
    if (pin->legacy)
        out->weakness = FP_STR("the chain ends at a root that is kept for old files only");
}

static void check_strength(stack *chain, fp_chain *out)
{
    const int root = sk_X509_num(chain) - 1;
    for (int i = 0; i <= root; i++) {
        X509 *certificate = sk_X509_value(chain, i);
        if (has_weak_key(certificate))
            out->weakness = FP_STR("a certificate of the chain has a short key");
        else if (i < root && has_weak_signature(certificate))
            out->weakness = FP_STR("a certificate of the chain is signed with MD5 or SHA-1");
    }
}

/* ---- the chain ------------------------------------------------------------------------ */

static stack *authorities_of(const fp_bag *bag)
{
    stack *all = sk_X509_new_null();
    for (size_t i = 0; i < bag->count && all != NULL; i++) {
        if (sk_X509_push(all, bag->at[i]) > 0)
            continue;
        sk_X509_free(all);
        return NULL;
    }
    return all;
}

/* `ignore_time`: would it be believed at some time? Purposes are checked here, not by libcrypto:
 * its own idea of a time stamp's signer refuses authorities that Microsoft used. */
static bool build(X509_STORE_CTX *context, fp_time at, bool ignore_time)
{
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_depth(parameters, CHAIN_DEPTH_MAX);
    if (ignore_time)
        (void)X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
    else
        X509_VERIFY_PARAM_set_time(parameters, (time_t)(at / MS_PER_SECOND));
    return X509_verify_cert(context) == 1;
}

static bool wants_issuer(int error)
{
    return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
           error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
           error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
           error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
           error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
}

static fp_status tell_untrusted(X509_STORE_CTX *context, fp_arena *arena, fp_chain *out)
{
    const int error = X509_STORE_CTX_get_error(context);
    stack *chain = X509_STORE_CTX_get0_chain(context);
    out->state = FP_CHAIN_UNTRUSTED;
    if (!wants_issuer(error) || sk_X509_num(chain) <= 0)
        return fp_str_dup(arena, fp_str_of(X509_verify_cert_error_string(error)), &out->reason);
    X509 *last = sk_X509_value(chain, sk_X509_num(chain) - 1);
    const fp_status status = fp_name_text(X509_get_issuer_name(last), arena, &out->missing_issuer);
    if (status != FP_OK)
        return status;
    const char *reason = fp_arena_printf(arena, "not among the believed roots: %.*s",
                                         FP_STR_ARG(out->missing_issuer));
    out->reason = fp_str_of(reason);
    return reason == NULL ? FP_NOMEM : FP_OK;
}

static fp_status tell_believed(const fp_trust *trust, X509_STORE_CTX *context, fp_usage usage,
                               fp_chain_state state, fp_arena *arena, fp_chain *out)
{
    stack *chain = X509_STORE_CTX_get0_chain(context);
    out->state = state;
    if (state == FP_CHAIN_OUT_OF_TIME)
        out->reason = FP_STR("a certificate of the chain was not valid at that time");
    X509 *root = sk_X509_value(chain, sk_X509_num(chain) - 1);
    look_at_root(trust, root, out);
    check_strength(chain, out);
    check_usages(chain, usage, out);
    out->has_root = true;
    return fp_certificate_describe(root, arena, &out->root);
}

static fp_status check_with(X509_STORE_CTX *context, const fp_trust *trust, X509 *leaf,
                            stack *authorities, fp_usage usage, fp_time at, fp_arena *arena,
                            fp_chain *out)
{
    static const fp_chain_state states[] = {FP_CHAIN_GOOD, FP_CHAIN_OUT_OF_TIME};
    for (size_t i = 0; i < 2; i++) {
        X509_STORE_CTX_cleanup(context);
        if (X509_STORE_CTX_init(context, trust->store, leaf, authorities) != 1)
            return FP_NOMEM;
        if (build(context, at, states[i] == FP_CHAIN_OUT_OF_TIME))
            return tell_believed(trust, context, usage, states[i], arena, out);
        if (X509_STORE_CTX_get_error(context) == X509_V_ERR_OUT_OF_MEM)
            return FP_NOMEM;
    }
    return tell_untrusted(context, arena, out);
}

fp_status fp_chain_check(const fp_trust *trust, X509 *leaf, const fp_bag *bag, fp_usage usage,
                         fp_time at, fp_arena *arena, fp_chain *out)
{
    *out = (fp_chain){0};
    stack *authorities = authorities_of(bag);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    fp_status status = FP_NOMEM;
    if (authorities != NULL && context != NULL)
        status = check_with(context, trust, leaf, authorities, usage, at, arena, out);
    X509_STORE_CTX_free(context);
    sk_X509_free(authorities);
    return status;
}
