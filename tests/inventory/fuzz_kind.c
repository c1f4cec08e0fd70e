/* SPDX-License-Identifier: MIT */
/*
 * Recognition of the first bytes of an item. First byte: the length of the name that follows, then
 * the head. What must hold: an answer, the same twice, and binary kinds only with their signature.
 */
#include "inventory/evidence_kind.h"

#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    fp_span rest = fp_span_of(data + 1, size - 1);
    const size_t name_size = data[0] < rest.size ? data[0] : rest.size;
    const fp_str name = {(const char *)rest.data, name_size};
    const fp_span head = fp_span_of(rest.data + name_size, rest.size - name_size);

    fp_kind kind = FP_KIND_COUNT, again = FP_KIND_COUNT;
    require(fp_kind_recognise(head, name, &kind) == FP_OK);
    require(fp_kind_recognise(head, name, &again) == FP_OK);
    require(kind == again && kind < FP_KIND_COUNT && kind != FP_KIND_CATALOG);
    require(head.size > 0 || kind == FP_KIND_UNKNOWN);
    const bool regf = fp_span_starts(head, "regf", 4);
    require(regf == (kind == FP_KIND_REGISTRY_HIVE || kind == FP_KIND_REGISTRY_LOG));
    require(fp_span_starts(head, "MSCF", 4) == (kind == FP_KIND_CABINET));
    require(kind != FP_KIND_PE || fp_span_starts(head, "MZ", 2));
    return 0;
}
