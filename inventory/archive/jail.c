/* SPDX-License-Identifier: MIT */
#include "inventory/archive/jail.h"

#include "inventory/base/watched.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    CHILD_IN = 3,
    CHILD_OUT = 4,
    PIPE_SIZE = 1024 * 1024, /* the most an unprivileged process may ask for */
    SETUP_SECONDS = 60       /* for a handful of system calls: generous for a loaded machine */
};

/* What the child says of itself before it reads a byte of input; later it might be taken over. */
enum { SAYS_CONFINED = 'C', SAYS_UNCONFINED = 'U', SAYS_REFUSED = 'R', SAYS_FAILED = 'F' };

typedef struct setup {
    fp_jail_entry *entry;
    void *context;
    int in;
    int out;
    fp_jail_limits limits;
    bool require;
    pid_t parent;
} setup;

/* ---- the child ------------------------------------------------------------------------ */

/* The parent's handlers (a test framework's, a progress bar's) must not run over here. */
static void reset_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        (void)signal(number, SIG_DFL);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A descriptor that was opened for writing too would let the child change the evidence. */
static int read_only(int fd)
{
    const int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY)
        return fd;
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static void close_from(int first)
{
    if (close_range((unsigned)first, ~0U, 0) == 0)
        return;
    const int end = getdtablesize(); /* a kernel before 5.9 */
    for (int fd = first; fd < end; fd++)
        (void)close(fd);
}

/* Leaves two descriptors, at known numbers. */
static bool keep_two_descriptors(setup *s)
{
    const int in = fcntl(read_only(s->in), F_DUPFD, CHILD_OUT + 1);
    const int out = fcntl(s->out, F_DUPFD, CHILD_OUT + 1);
    if (in < 0 || out < 0 || dup2(in, CHILD_IN) < 0 || dup2(out, CHILD_OUT) < 0)
        return false;
    close_from(CHILD_OUT + 1);
    (void)close(0);
    (void)close(1);
    if (!fp_is_watched()) /* their reports must still get out */
        (void)close(2);
    s->in = CHILD_IN;
    s->out = CHILD_OUT;
    return true;
}

static bool limit(__rlimit_resource_t resource, uint64_t value)
{
    const struct rlimit both = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &both) == 0;
}

/* Bytes of data inherited from the parent: they count against RLIMIT_DATA. */
static uint64_t data_in_use(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%*u %*u %*u %*u %*u %lu", &pages) != 1)
        pages = 0;
    (void)fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool limit_cpu(unsigned seconds)
{
    /* The soft limit's SIGXCPU names the cause; the hard one is for a child that would ignore it.
     */
    const struct rlimit cpu = {.rlim_cur = seconds, .rlim_max = (rlim_t)seconds + 2};
    return setrlimit(RLIMIT_CPU, &cpu) == 0;
}

static bool limit_resources(const fp_jail_limits *limits, uint64_t data_bytes)
{
    if (!limit_cpu(limits->cpu_seconds) || !limit(RLIMIT_CORE, 0))
        return false;
    return fp_is_watched() || (limit(RLIMIT_DATA, data_bytes + limits->memory_bytes) &&
                               limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, 0));
}

/* Nothing here opens, creates, signals others or makes code. */
static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(lseek),
    SCMP_SYS(_llseek),
    SCMP_SYS(write),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigreturn),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(futex),
    SCMP_SYS(futex_time64),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_gettime64),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
};

/* Trying one of these is no accident: the child has been taken over. */
static const int deadly[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(bpf),
};

static bool add_rules(scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (seccomp_rule_add(filter, action, calls[i], 0) != 0)
            return false;
    }
    return true;
}

/* Memory without a file behind it and without code in it; signals to oneself (abort). */
static bool add_conditional_rules(scmp_filter_ctx filter)
{
    const scmp_datum_t code = RUNNING_ON_VALGRIND ? 0 : PROT_EXEC;
    static const int maps[] = {SCMP_SYS(mmap), SCMP_SYS(mmap2)};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, maps[i], 2,
                             SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS),
                             SCMP_A2(SCMP_CMP_MASKED_EQ, code, 0)) != 0)
            return false;
    }
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, code, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0)) == 0;
}

static bool load_filter(void)
{
    if (RUNNING_ON_VALGRIND)
        (void)seccomp_api_set(1); /* prctl: valgrind 3.19 does not know seccomp(2) */
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter == NULL)
        return false;
    /* SCMP_ACT_KILL ends the thread, and so the child: it has one, and clone is deadly too. */
    const bool loaded =
        add_rules(filter, SCMP_ACT_ALLOW, allowed, sizeof allowed / sizeof allowed[0]) &&
        add_rules(filter, SCMP_ACT_KILL, deadly, sizeof deadly / sizeof deadly[0]) &&
        add_conditional_rules(filter) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return loaded;
}

/* Both are looked up in files, which the filter will forbid. "UTC0" needs no zone file at all. */
static void fix_locale_and_zone(void)
{
    (void)setlocale(LC_ALL, "C.UTF-8");
    (void)setenv("TZ", "UTC0", 1);
    tzset();
}

static bool confine(const setup *s, uint64_t data_bytes)
{
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit_resources(&s->limits, data_bytes) &&
           load_filter();
}

static void say(const setup *s, char what)
{
    if (write(s->out, &what, 1) != 1)
        _exit(1);
}

static _Noreturn void child(setup *s)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != s->parent)
        _exit(1); /* the parent died before it was asked for */
    reset_signals();
    fix_locale_and_zone();
    const uint64_t data_bytes = data_in_use();
    if (!keep_two_descriptors(s)) {
        say(s, SAYS_FAILED);
        _exit(1);
    }
    const bool confined = confine(s, data_bytes);
    if (!confined && s->require) {
        say(s, SAYS_REFUSED);
        _exit(1);
    }
    say(s, confined ? SAYS_CONFINED : SAYS_UNCONFINED);
    _exit(
        s->entry(s->context, s->in, s->out)); /* no exit handlers, no flushing of inherited stdio */
}

/* ---- the parent ----------------------------------------------------------------------- */

static char hear(int fd)
{
    struct pollfd waited = {.fd = fd, .events = POLLIN};
    char said = 0;
    int ready;
    do {
        ready = poll(&waited, 1, SETUP_SECONDS * 1000);
    } while (ready < 0 && errno == EINTR);
    return ready == 1 && read(fd, &said, 1) == 1 ? said : (char)SAYS_FAILED;
}

static fp_status fork_child(setup *s, int ends[2], fp_jail *jail, fp_diag *d)
{
    const pid_t pid = fork();
    if (pid < 0) {
        const int error = errno;
        (void)close(ends[0]);
        (void)close(ends[1]);
        return fp_fail(d, FP_IO, "jail", 0, "fork: %s", strerror(error));
    }
    if (pid == 0)
        child(s);
    (void)close(ends[1]);
    jail->pid = pid;
    jail->from_child = ends[0];
    return FP_OK;
}

fp_status fp_jail_start(fp_jail_entry *entry, void *context, int fd, const fp_jail_limits *limits,
                        bool require, fp_jail *jail, fp_diag *d)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fp_fail(d, FP_IO, "jail", 0, "pipe: %s", strerror(errno));
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); /* only faster: the default works too */

    setup s = {.entry = entry,
               .context = context,
               .in = fd,
               .out = ends[1],
               .limits = *limits,
               .require = require,
               .parent = getpid()};
    fp_jail started = {0};
    const fp_status status = fork_child(&s, ends, &started, d);
    if (status != FP_OK)
        return status;

    const char said = hear(started.from_child);
    if (said == SAYS_CONFINED || said == SAYS_UNCONFINED) {
        started.confined = said == SAYS_CONFINED;
        *jail = started;
        return FP_OK;
    }
    (void)fp_jail_stop(&started);
    if (said == SAYS_REFUSED)
        return fp_fail(d, FP_UNSUPPORTED, "jail", 0, "the kernel cannot confine the decoder");
    return fp_fail(d, FP_IO, "jail", 0, "the decoder's process could not be set up");
}

fp_jail_exit fp_jail_stop(fp_jail *jail)
{
    /* A child that has already ended keeps its own status: this changes nothing for it. */
    (void)kill(jail->pid, SIGKILL);
    (void)close(jail->from_child);
    jail->from_child = -1;

    int status = 0;
    pid_t reaped;
    do {
        reaped = waitpid(jail->pid, &status, 0);
    } while (reaped < 0 && errno == EINTR);
    if (reaped != jail->pid)
        return (fp_jail_exit){.code = -1};
    if (WIFSIGNALED(status))
        return (fp_jail_exit){.signal = WTERMSIG(status)};
    return (fp_jail_exit){.code = WEXITSTATUS(status)};
}
