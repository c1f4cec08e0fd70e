/* SPDX-License-Identifier: MIT */
#include "verify/decide/advisory.h"
