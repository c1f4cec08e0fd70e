/* SPDX-License-Identifier: MIT */
#include "verify/authentic/spc.h"

#define SPC(last)                                                                                  \
    {                                                                                              \
        10,                                                                                        \
        {                                                                                          \
            0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, (last)                           \
        }                                                                                          \
    }
const fp_oid FP_OID_SPC_INDIRECT_DATA = SPC(4);
const fp_oid FP_OID_SPC_PE_IMAGE = SPC(15);
const fp_oid FP_OID_SPC_CAB = SPC(25);
const fp_oid FP_OID_SPC_LINK = SPC(28);

bool fp_spc_read(fp_der content, fp_spc *out)
{
    fp_spc spc = {0};
    fp_reader r = fp_der_inside(content);
    fp_reader data = fp_der_enter(&r, FP_DER_SEQUENCE);
    spc.data_type = fp_der_read(&data, FP_DER_OID).content;
    if (fp_reader_left(&data) > 0)
        (void)fp_der_next(&data); /* flags and a moniker, page hashes: nothing is decided by them */
    fp_reader info = fp_der_enter(&r, FP_DER_SEQUENCE);
    spc.hash = fp_hash_read(&info);
    spc.digest = fp_der_read(&info, FP_DER_OCTETS).content;

    if (content.tag != FP_DER_SEQUENCE || !fp_der_done(&data) || !fp_der_done(&info) ||
        !fp_der_done(&r))
        return false;
    if (spc.hash != FP_HASH_UNKNOWN && spc.digest.size != fp_hash_size(spc.hash))
        return false;
    *out = spc;
    return true;
}
