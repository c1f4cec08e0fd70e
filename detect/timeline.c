/* SPDX-License-Identifier: MIT */
#include "inventory/base/status.h"
