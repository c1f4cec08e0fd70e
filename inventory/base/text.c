/* SPDX-License-Identifier: MIT */
#include "inventory/base/text.h"
