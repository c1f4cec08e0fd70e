/* SPDX-License-Identifier: MIT */
#include "detect/episode.h"
