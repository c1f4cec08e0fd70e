/* SPDX-License-Identifier: MIT */
#include "inventory/base/out.h"
