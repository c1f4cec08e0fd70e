/* SPDX-License-Identifier: MIT */
#include "inventory/archive/archive.h"
