/* SPDX-License-Identifier: MIT */
#include "detect/logline.h"
