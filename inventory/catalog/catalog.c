/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/catalog.h"
