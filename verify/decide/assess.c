/* SPDX-License-Identifier: MIT */
#include "verify/decide/assess.h"
