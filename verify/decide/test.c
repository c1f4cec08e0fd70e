/* SPDX-License-Identifier: MIT */
#include "verify/decide/test.h"
