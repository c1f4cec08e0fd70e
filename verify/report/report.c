/* SPDX-License-Identifier: MIT */
#include "verify/report/report.h"
