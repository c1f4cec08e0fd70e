/* SPDX-License-Identifier: MIT */
#include "inventory/base/version.h"
