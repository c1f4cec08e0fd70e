/* SPDX-License-Identifier: MIT */
#include "inventory/registry/registry.h"
