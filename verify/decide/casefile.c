/* SPDX-License-Identifier: MIT */
#include "verify/decide/casefile.h"
