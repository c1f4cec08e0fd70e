/* SPDX-License-Identifier: MIT */
#include "inventory/catalog/cabinet.h"
