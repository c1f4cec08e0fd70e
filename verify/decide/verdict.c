/* SPDX-License-Identifier: MIT */
#include "verify/decide/verdict.h"
