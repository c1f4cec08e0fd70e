/* SPDX-License-Identifier: MIT */
#include "inventory/base/time.h"
