/* SPDX-License-Identifier: MIT */
#include "inventory/configmgr/marker.h"
