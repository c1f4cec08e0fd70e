/* SPDX-License-Identifier: MIT */
#include "inventory/evidence.h"
