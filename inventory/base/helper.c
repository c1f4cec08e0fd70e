/* SPDX-License-Identifier: MIT */
#include "inventory/base/helper.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct fp_helper {
    void (*work)(void *context, fp_span job);
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool busy; /* `job` is being done */
    bool quit;
    fp_span job;
};

static void *do_jobs(void *argument)
{
    fp_helper *helper = argument;
    (void)pthread_mutex_lock(&helper->lock);
    for (;;) {
        while (!helper->busy && !helper->quit)
            (void)pthread_cond_wait(&helper->changed, &helper->lock);
        if (!helper->busy)
            break;
        const fp_span job = helper->job;
        (void)pthread_mutex_unlock(&helper->lock);
        helper->work(helper->context, job);
        (void)pthread_mutex_lock(&helper->lock);
        helper->busy = false;
        (void)pthread_cond_signal(&helper->changed);
    }
    (void)pthread_mutex_unlock(&helper->lock);
    return NULL;
}

/* Signals are the main thread's business: the helper is born with all of them blocked. */
static bool start_thread(fp_helper *helper)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = pthread_create(&helper->thread, NULL, do_jobs, helper) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

fp_helper *fp_helper_new(void (*work)(void *context, fp_span job), void *context)
{
    fp_helper *helper = calloc(1, sizeof *helper);
    if (helper == NULL)
        return NULL;
    helper->work = work;
    helper->context = context;
    if (pthread_mutex_init(&helper->lock, NULL) != 0)
        goto no_lock;
    if (pthread_cond_init(&helper->changed, NULL) != 0)
        goto no_condition;
    if (start_thread(helper))
        return helper;
    (void)pthread_cond_destroy(&helper->changed);
no_condition:
    (void)pthread_mutex_destroy(&helper->lock);
no_lock:
    free(helper);
    return NULL;
}

/* With the lock held. */
static void wait_until_idle(fp_helper *helper)
{
    while (helper->busy)
        (void)pthread_cond_wait(&helper->changed, &helper->lock);
}

void fp_helper_give(fp_helper *helper, fp_span job)
{
    (void)pthread_mutex_lock(&helper->lock);
    wait_until_idle(helper);
    helper->job = job;
    helper->busy = true;
    (void)pthread_cond_signal(&helper->changed);
    (void)pthread_mutex_unlock(&helper->lock);
}

void fp_helper_settle(fp_helper *helper)
{
    (void)pthread_mutex_lock(&helper->lock);
    wait_until_idle(helper);
    (void)pthread_mutex_unlock(&helper->lock);
}

void fp_helper_free(fp_helper *helper)
{
    if (helper == NULL)
        return;
    (void)pthread_mutex_lock(&helper->lock);
    helper->quit = true;
    (void)pthread_cond_signal(&helper->changed);
    (void)pthread_mutex_unlock(&helper->lock);
    (void)pthread_join(helper->thread, NULL);
    (void)pthread_cond_destroy(&helper->changed);
    (void)pthread_mutex_destroy(&helper->lock);
    free(helper);
}
