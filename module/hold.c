// SPDX-License-Identifier: GPL-2.0
/*
 * Looking into a VM from outside: its file, held for a moment
 *
 * The registry knows a VM by its address, and only compares that: the VM may be
 * freed at any time. Who wants to look into it needs something that keeps it
 * alive, and there must be nothing that a death has to wait for: a handler
 * cannot wait, and kvm_get_kvm() would pin the VM behind the back of its owner.
 *
 * What keeps a VM alive for its VMM are files: that of the VM and those of its
 * vCPUs. The registry knows the process, and the process has the files. So one
 * of them is looked for and held as whoever looks at /proc/PID/fd holds it: the
 * VM lives on as if its VMM closed the file a little later. If we are the last
 * to let go, KVM destroys the VM on the reader's way out of the kernel, which it
 * does not leave before. A hold is therefore taken, used and released within one
 * system call of one reader, and nobody sleeps in it for anything that the VMM
 * or the guest could delay: but once for the lock of settling, to see whether the VM
 * has died. Nothing is pinned beyond that, and KVM's modules can be unloaded as
 * soon as the call is over.
 *
 * Is it the VM meant? Its address may belong to a younger one by now. But the
 * death of ours was flagged before its memory was free, so before the younger
 * one's file was made: if we hold a file, and the flag is not set after that,
 * the file is of ours. (Without the probe of kvm_destroy_vm() there is no flag,
 * and faults are counted for the wrong VM as well.)
 *
 * No VM can be looked into that its process has no file of: one that was given
 * to another process and closed, or whose process is gone.
 */
#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/magic.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include "hold.h"
#include "table.h"
#include "vm.h"

/*
 * How many tables of files are looked through in one process, and how many files:
 * nearly always there is one, with some hundreds. A VMM can have as many tables as
 * threads, and as many files as it is allowed to, and nobody else runs here meanwhile.
 */
#define TABLES_MAX	4
#define FILES_MAX	1000000

/**
 * struct search - for a file that keeps a VM alive
 * @kvm: the VM, only compared until a file of it is found
 * @pid: the process that may have one
 * @seen: how many files were looked at
 * @found: the file, held
 * @fd: where it was found
 */
struct search {
	struct kvm *kvm;
	pid_t pid;
	unsigned int seen;
	struct file *found;
	unsigned int fd;
};

/*
 * Where the last one was found, by whoever looked for it. In a process that has many
 * VMs that of the next one is not far behind it: without this, to look at all of
 * them would take the square of their number.
 */
static unsigned int last_fd;

static bool file_is_anonymous(const struct file *file)
{
	return file_inode(file)->i_sb->s_magic == ANON_INODE_FS_MAGIC;
}

/*
 * Nobody but the kernel names such a file. The other files of a VM (devices,
 * statistics) have something else to say about themselves. But a VMM can open its
 * own by /proc/self/fd and O_PATH: that has the name and nothing behind it.
 */
static const struct kvm *file_kvm(const struct file *file)
{
	const unsigned char *name = file->f_path.dentry->d_name.name;

	if (!file_is_anonymous(file) || file->f_mode & FMODE_PATH)
		return NULL;
	if (!strcmp(name, "kvm-vm"))
		return file->private_data;
	/* While the file is there, so is its vCPU. */
	if (!strncmp(name, "kvm-vcpu:", strlen("kvm-vcpu:")))
		return ((const struct kvm_vcpu *)file->private_data)->kvm;
	return NULL;
}

/* Under the lock of the table that has the file, which holds it. */
static int file_visit(const void *data, struct file *file, unsigned int fd)
{
	struct search *search = (struct search *)data;

	if (search->seen == FILES_MAX)
		return 1;
	search->seen++;
	if (file_kvm(file) != search->kvm)
		return 0;
	search->found = get_file(file);
	search->fd = fd;
	return 1;
}

/* A task that ends loses its files under its lock. */
static void task_search(struct task_struct *task, struct search *search)
{
	task_lock(task);
	if (task->files &&
	    !iterate_fd(task->files, READ_ONCE(last_fd), file_visit, search))
		iterate_fd(task->files, 0, file_visit, search);
	task_unlock(task);
}

/*
 * Threads of a process nearly always share their files. A first thread that has
 * ended has none any more. Threads that take turns with two tables are taken to have
 * as many as there are turns: to know better would need memory.
 */
static void process_search(struct task_struct *process, struct search *search)
{
	const struct files_struct *files, *last = NULL;
	struct task_struct *thread;
	unsigned int tables = 0;

	for_each_thread(process, thread) {
		/* Only compared. */
		files = READ_ONCE(thread->files);
		if (!files || files == last)
			continue;
		if (tables++ == TABLES_MAX)
			break;
		last = files;
		task_search(thread, search);
		if (search->found)
			break;
	}
}

static int search_pid(struct search *search)
{
	struct task_struct *process;

	rcu_read_lock();
	process = pid_task(find_pid_ns(search->pid, &init_pid_ns), PIDTYPE_TGID);
	if (process)
		process_search(process, search);
	rcu_read_unlock();

	if (!process)
		return -ESRCH;
	return search->found ? 0 : -ENXIO;
}

/* Whose files to look through for a VM that has not died. */
static bool search_begin(struct search *search, u64 id)
{
	const struct kvmfault_vm *vm;
	bool lives;

	kvmfault_table_again();
	vm = kvmfault_table_find(id);
	lives = vm && vm->id && !READ_ONCE(vm->dead);
	*search = (struct search){
		.kvm = lives ? vm->kvm : NULL,
		.pid = lives ? vm->pid : 0,
	};
	kvmfault_table_end();
	return lives;
}

static bool has_died(u64 id)
{
	const struct kvmfault_vm *vm;
	bool dead;

	kvmfault_table_again();
	vm = kvmfault_table_find(id);
	dead = !vm || READ_ONCE(vm->dead);
	kvmfault_table_end();
	return dead;
}

/**
 * kvmfault_hold() - keep a VM alive, to look into it
 * @hold: what to release
 * @id: the number of the VM
 *
 * To be released before the system call is over, and before anything is waited
 * for that a VMM could delay. A VMM decides how long the search takes: settling,
 * and with it the faults of all others, does not wait for it.
 *
 * Return: 0, -ENODEV for VMs that are gone, -ESRCH if there is no such process
 * any more, or -ENXIO if it has no file of the VM.
 */
int kvmfault_hold(struct kvmfault_hold *hold, u64 id)
{
	struct search search;
	int ret;

	hold->kvm = NULL;
	hold->file = NULL;
	/* Readers do this for all VMs, and a VMM may have files by the million. */
	cond_resched();
	if (!search_begin(&search, id))
		return -ENODEV;
	ret = search_pid(&search);
	if (ret)
		return ret;
	if (has_died(id)) {
		fput(search.found);
		return -ENODEV;
	}

	WRITE_ONCE(last_fd, search.fd);
	hold->kvm = search.kvm;
	hold->file = search.found;
	return 0;
}

/**
 * kvmfault_release() - let a VM go
 * @hold: what kvmfault_hold() has held
 */
void kvmfault_release(struct kvmfault_hold *hold)
{
	fput(hold->file);
	hold->kvm = NULL;
	hold->file = NULL;
}

/**
 * kvmfault_hold_why() - why a VM cannot be looked into
 * @error: what kvmfault_hold() has returned
 */
const char *kvmfault_hold_why(int error)
{
	switch (error) {
	case -ESRCH:
		return "the process that ran the VM is gone, and somebody else keeps it";
	case -ENXIO:
		return "the process of the VM has no file of it: it was passed on, or closed";
	default:
		return "the VM is gone";
	}
}
