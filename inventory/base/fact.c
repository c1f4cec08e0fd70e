/* SPDX-License-Identifier: MIT */
#include "inventory/base/fact.h"
