/* SPDX-License-Identifier: MIT */
#include "verify/authentic/trust.h"

#include "inventory/base/json.h"
#include "verify/authentic/x509_parts.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

fp_trust *fp_trust_new(void)
{
    fp_trust *trust = calloc(1, sizeof *trust);
    if (trust == NULL)
        return NULL;
    trust->store = X509_STORE_new();
    if (trust->store != NULL)
        return trust;
    free(trust);
    return NULL;
}

void fp_trust_free(fp_trust *trust)
{
    if (trust == NULL)
        return;
    X509_STORE_free(trust->store);
    free(trust);
}

/* ---- pins ----------------------------------------------------------------------------- */

static const fp_pin *find_pin(const fp_trust *trust, const uint8_t *sha256)
{
    for (size_t i = 0; i < trust->pin_count; i++) {
        if (memcmp(trust->pins[i].sha256, sha256, FP_SHA256_SIZE) == 0)
            return &trust->pins[i];
    }
    return NULL;
}

static bool is_one_of(fp_str key, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (fp_str_eq(key, fp_str_of(*names)))
            return true;
    }
    return false;
}

/* Only these members, and each of them, a text unless it is `list`. */
static bool has_members(const fp_json *object, const char *const *names, const char *list)
{
    void *cursor = NULL;
    fp_str key;
    while (fp_json_next(object, &cursor, &key) != NULL) {
        if (!is_one_of(key, names))
            return false;
    }
    for (; *names != NULL; names++) {
        const fp_json *member = fp_json_get(object, *names);
        const fp_str text = fp_json_string(member);
        const bool is_list = list != NULL && strcmp(*names, list) == 0;
        if (is_list ? !fp_json_is(member, FP_JSON_ARRAY)
                    : text.size == 0 || text.size > FP_TRUST_TEXT_MAX)
            return false;
    }
    return true;
}

static fp_status add_pin(fp_trust *trust, const fp_json *row, uint64_t number, fp_diag *d)
{
    static const char *const members[] = {"name", "sha256", "publisher", "use", "source", NULL};
    fp_pin pin = {0};
    if (!has_members(row, members, NULL))
        return fp_fail(
            d, FP_FORMAT, "trust", number,
            "a root has the texts name, sha256, publisher, use and source, and nothing else");
    const fp_str use = fp_json_string(fp_json_get(row, "use"));
    const fp_str publisher = fp_json_string(fp_json_get(row, "publisher"));
    if (publisher.size > sizeof pin.publisher)
        return fp_fail(d, FP_LIMIT, "trust", number, "\"publisher\" is longer than %zu bytes",
                       sizeof pin.publisher);
    memcpy(pin.publisher, publisher.data, publisher.size);
    pin.publisher_size = publisher.size;
    pin.legacy = fp_str_eq(use, FP_STR("legacy"));
    if (!pin.legacy && !fp_str_eq(use, FP_STR("default")))
        return fp_fail(d, FP_FORMAT, "trust", number, "\"use\" is default or legacy");
    if (!fp_unhex(fp_json_string(fp_json_get(row, "sha256")), FP_SHA256_SIZE, pin.sha256))
        return fp_fail(d, FP_FORMAT, "trust", number, "\"sha256\" is not 64 hex digits");
    if (find_pin(trust, pin.sha256) != NULL)
        return fp_fail(d, FP_FORMAT, "trust", number, "the same root twice");
    if (trust->pin_count == FP_TRUST_PINS_MAX)
        return fp_fail(d, FP_LIMIT, "trust", number, "more than %d pinned roots",
                       FP_TRUST_PINS_MAX);
    trust->pins[trust->pin_count++] = pin;
    return FP_OK;
}

static fp_status read_pins(fp_trust *trust, const fp_json *document, fp_diag *d)
{
    static const char *const members[] = {"schema", "title", "roots", NULL};
    const fp_str schema = fp_json_string(fp_json_get(document, "schema"));
    if (!fp_str_eq(schema, FP_STR("fixproof/trust/v1")))
        return fp_fail(d, FP_FORMAT, "trust", 0, "\"schema\" is not fixproof/trust/v1");
    if (!has_members(document, members, "roots"))
        return fp_fail(d, FP_FORMAT, "trust", 0,
                       "it has schema, title and the list roots, and nothing else");
    const fp_json *rows = fp_json_get(document, "roots");
    fp_status status = FP_OK;
    for (size_t i = 0; i < fp_json_size(rows) && status == FP_OK; i++)
        status = add_pin(trust, fp_json_at(rows, i), i + 1, d);
    return status;
}

fp_status fp_trust_add_pins(fp_trust *trust, fp_span json, fp_diag *d)
{
    fp_json *document = NULL;
    fp_status status = fp_json_parse(json, &document, d);
    if (status == FP_OK)
        status = read_pins(trust, document, d);
    fp_json_free(document);
    return status;
}

const fp_pin *fp_trust_pin(const fp_trust *trust, X509 *certificate)
{
    uint8_t sha256[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), sha256, &size) != 1)
        return NULL;
    return find_pin(trust, sha256);
}

size_t fp_trust_root_count(const fp_trust *trust)
{
    return trust->root_count;
}

const char *fp_trust_root(const fp_trust *trust, size_t index)
{
    return trust->roots[index];
}

/* ---- bundles -------------------------------------------------------------------------- */

static void note_refused(X509 *certificate, fp_trust_added *added)
{
    if (added->refused++ > 0)
        return;
    char *line = X509_NAME_oneline(X509_get_subject_name(certificate), added->refused_first,
                                   sizeof added->refused_first);
    if (line == NULL)
        added->refused_first[0] = '\0';
}

/* Into its place among the thumbprints, unless it is there. */
static fp_status note_root(fp_trust *trust, X509 *certificate)
{
    uint8_t sha256[EVP_MAX_MD_SIZE];
    char hex[FP_SHA256_HEX_SIZE];
    unsigned size = 0;
    size_t at = 0;
    if (X509_digest(certificate, EVP_sha256(), sha256, &size) != 1)
        return FP_CRYPTO;
    fp_hex(sha256, FP_SHA256_SIZE, hex);
    while (at < trust->root_count && strcmp(trust->roots[at], hex) < 0)
        at++;
    if (at < trust->root_count && strcmp(trust->roots[at], hex) == 0)
        return FP_OK;
    if (trust->root_count == FP_TRUST_ROOTS_MAX)
        return FP_LIMIT;
    memmove(trust->roots[at + 1], trust->roots[at], (trust->root_count - at) * sizeof hex);
    memcpy(trust->roots[at], hex, sizeof hex);
    trust->root_count++;
    return FP_OK;
}

static fp_status add_certificate(fp_trust *trust, X509 *certificate, bool any_root, uint64_t number,
                                 fp_trust_added *added, fp_diag *d)
{
    if (!any_root && fp_trust_pin(trust, certificate) == NULL) {
        note_refused(certificate, added);
        return FP_OK;
    }
    const fp_status status = note_root(trust, certificate);
    if (status == FP_LIMIT)
        return fp_fail(d, FP_LIMIT, "pem", number, "more than %d roots to believe",
                       FP_TRUST_ROOTS_MAX);
    if (status != FP_OK)
        return status;
    if (X509_STORE_add_cert(trust->store, certificate) != 1)
        return FP_NOMEM;
    added->believed++;
    return FP_OK;
}

static fp_status read_bundle(fp_trust *trust, BIO *bio, bool any_root, fp_trust_added *added,
                             fp_diag *d)
{
    for (uint64_t number = 1;; number++) {
        X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (certificate == NULL) {
            if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE)
                return number > 1 ? FP_OK
                                  : fp_fail(d, FP_NOT_FOUND, "pem", 0, "no certificate in it");
            return fp_fail(d, FP_FORMAT, "pem", number, "certificate %u is damaged",
                           (unsigned)number);
        }
        const fp_status status =
            number > FP_TRUST_CERTIFICATES_MAX
                ? fp_fail(d, FP_LIMIT, "pem", number, "more than %d certificates",
                          FP_TRUST_CERTIFICATES_MAX)
                : add_certificate(trust, certificate, any_root, number, added, d);
        X509_free(certificate);
        if (status != FP_OK)
            return status;
    }
}

fp_status fp_trust_add_pem(fp_trust *trust, fp_span pem, bool any_root, fp_trust_added *added,
                           fp_diag *d)
{
    *added = (fp_trust_added){0};
    if (pem.size == 0)
        return fp_fail(d, FP_NOT_FOUND, "pem", 0, "it is empty");
    if (pem.size > INT_MAX)
        return fp_fail(d, FP_LIMIT, "pem", 0, "%zu bytes", pem.size);
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    if (bio == NULL)
        return FP_NOMEM;
    ERR_clear_error();
    const fp_status status = read_bundle(trust, bio, any_root, added, d);
    ERR_clear_error();
    BIO_free(bio);
    return status;
}
