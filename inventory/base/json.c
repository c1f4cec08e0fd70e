/* SPDX-License-Identifier: MIT */
#include "inventory/base/json.h"
