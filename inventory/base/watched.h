/* SPDX-License-Identifier: MIT */
/*
 * Is this process being watched by a sanitizer or by valgrind? They keep memory and descriptors of
 * their own, so that a few limits are left out for them.
 */
#ifndef FP_BASE_WATCHED_H
#define FP_BASE_WATCHED_H

#include <stdbool.h>

/* 1 in a build with a memory sanitizer, else 0. */
#if defined(__SANITIZE_ADDRESS__)
#define FP_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define FP_SANITIZED 1
#endif
#endif
#ifndef FP_SANITIZED
#define FP_SANITIZED 0
#endif

/* RUNNING_ON_VALGRIND, where its header is installed. */
#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef RUNNING_ON_VALGRIND
#define RUNNING_ON_VALGRIND 0
#endif

static inline bool fp_is_watched(void)
{
    return FP_SANITIZED || RUNNING_ON_VALGRIND;
}

#endif
