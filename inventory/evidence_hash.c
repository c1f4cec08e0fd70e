/* SPDX-License-Identifier: MIT */
#include "inventory/evidence_set.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/*
 * One helper thread and one job at a time: while it hashes a chunk, the caller scans the same chunk
 * and reads the next one. Without a thread (small items, or none could be had) hashing is done in
 * place.
 */
struct fp_hash {
    fp_digest *digest; /* the thread's while a job is set */
    bool threaded;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool busy; /* `job` is being hashed */
    bool quit;
    fp_span job;
};

static void *hash_jobs(void *argument)
{
    fp_hash *hash = argument;
    (void)pthread_mutex_lock(&hash->lock);
    for (;;) {
        while (!hash->busy && !hash->quit)
            (void)pthread_cond_wait(&hash->changed, &hash->lock);
        if (!hash->busy)
            break;
        const fp_span job = hash->job;
        (void)pthread_mutex_unlock(&hash->lock);
        fp_digest_update(hash->digest, job);
        (void)pthread_mutex_lock(&hash->lock);
        hash->busy = false;
        (void)pthread_cond_signal(&hash->changed);
    }
    (void)pthread_mutex_unlock(&hash->lock);
    return NULL;
}

/* Signals are the main thread's business: the helper is born with all of them blocked. */
static bool start_thread(fp_hash *hash)
{
    if (pthread_mutex_init(&hash->lock, NULL) != 0)
        return false;
    if (pthread_cond_init(&hash->changed, NULL) != 0) {
        (void)pthread_mutex_destroy(&hash->lock);
        return false;
    }
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = pthread_create(&hash->thread, NULL, hash_jobs, hash) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!started) {
        (void)pthread_cond_destroy(&hash->changed);
        (void)pthread_mutex_destroy(&hash->lock);
    }
    return started;
}

static void stop_thread(fp_hash *hash)
{
    if (!hash->threaded)
        return;
    (void)pthread_mutex_lock(&hash->lock);
    hash->quit = true;
    (void)pthread_cond_signal(&hash->changed);
    (void)pthread_mutex_unlock(&hash->lock);
    (void)pthread_join(hash->thread, NULL);
    (void)pthread_cond_destroy(&hash->changed);
    (void)pthread_mutex_destroy(&hash->lock);
    hash->threaded = false;
}

fp_hash *fp_hash_new(bool in_background)
{
    fp_hash *hash = calloc(1, sizeof *hash);
    if (hash == NULL)
        return NULL;
    hash->digest = fp_digest_new(FP_SHA256);
    if (hash->digest == NULL) {
        free(hash);
        return NULL;
    }
    hash->threaded = in_background && start_thread(hash);
    return hash;
}

void fp_hash_update(fp_hash *hash, fp_span bytes)
{
    if (!hash->threaded) {
        fp_digest_update(hash->digest, bytes);
        return;
    }
    (void)pthread_mutex_lock(&hash->lock);
    while (hash->busy)
        (void)pthread_cond_wait(&hash->changed, &hash->lock);
    hash->job = bytes;
    hash->busy = true;
    (void)pthread_cond_signal(&hash->changed);
    (void)pthread_mutex_unlock(&hash->lock);
}

fp_status fp_hash_finish(fp_hash *hash, uint8_t out[FP_SHA256_SIZE])
{
    stop_thread(hash);
    const fp_status status = fp_digest_finish(hash->digest, out);
    free(hash);
    return status;
}

void fp_hash_free(fp_hash *hash)
{
    if (hash == NULL)
        return;
    stop_thread(hash);
    fp_digest_free(hash->digest);
    free(hash);
}
