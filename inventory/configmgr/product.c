/* SPDX-License-Identifier: MIT */
#include "inventory/configmgr/product.h"
