/* SPDX-License-Identifier: MIT */
#include "inventory/files/pe.h"
