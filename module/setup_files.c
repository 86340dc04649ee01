// SPDX-License-Identifier: GPL-2.0
/*
 * The files about how VMs are set up
 *
 * A VM that cannot be looked into has one row, in which nothing is known.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>

#include "setup.h"
#include "setup_files.h"
#include "table.h"
#include "vm.h"

static void put_figure(struct seq_file *file, u64 figure)
{
	if (figure == KVMFAULT_UNCOUNTED)
		seq_puts(file, " -");
	else
		seq_printf(file, " %llu", figure);
}

static int vm_setup_show(struct seq_file *file, u64 id)
{
	struct kvmfault_setup setup;

	/* What cannot be read has no figures. */
	kvmfault_setup_read(&setup, id);
	seq_printf(file, "%llu", id);
	put_figure(file, setup.memslots);
	put_figure(file, setup.memory_pages);
	put_figure(file, setup.vcpus);
	put_figure(file, setup.tdp_tables);
	put_figure(file, setup.shadow_tables);
	put_figure(file, setup.maps_4k);
	put_figure(file, setup.maps_2m);
	put_figure(file, setup.maps_1g);
	put_figure(file, setup.maps_large);
	put_figure(file, setup.private);
	put_figure(file, setup.root_loads);
	seq_puts(file, "\n");
	return 0;
}

static void memslot_put_flags(struct seq_file *file, u32 flags)
{
	const char *before = " ";
	unsigned int i;

	for (i = 0; i < KVMFAULT_SLOT_FLAGS; i++) {
		if (!(flags & BIT(i)))
			continue;
		seq_printf(file, "%s%s", before, kvmfault_memslot_flag_name(i));
		before = ",";
	}
	seq_puts(file, flags ? "\n" : " -\n");
}

static void memslot_put(struct seq_file *file, u64 id,
			const struct kvmfault_memslot *slot)
{
	u64 size = slot->pages << PAGE_SHIFT;

	seq_printf(file, "%llu %u %u 0x%llx 0x%llx 0x%llx 0x%llx %llu", id,
		   slot->as, slot->id, slot->gpa, slot->gpa + size, slot->hva,
		   slot->hva + size, slot->pages);
	memslot_put_flags(file, slot->flags);
}

static int vm_memslots_show(struct seq_file *file, u64 id)
{
	struct kvmfault_memslot *rows;
	unsigned int i, nr;

	rows = kvmfault_setup_memslots(id, &nr);
	if (PTR_ERR(rows) == -ENOMEM)
		return -ENOMEM;
	if (IS_ERR(rows)) {
		seq_printf(file, "%llu - - - - - - - -\n", id);
		return 0;
	}

	for (i = 0; i < nr; i++)
		memslot_put(file, id, &rows[i]);
	kvfree(rows);
	return 0;
}

static void thread_put(struct seq_file *file, u64 id,
		       const struct kvmfault_thread *thread)
{
	seq_printf(file, "%llu %d", id, thread->vcpu);
	if (thread->tid)
		seq_printf(file, " %d", thread->tid);
	else
		seq_puts(file, " -");
	if (thread->cpu >= 0)
		seq_printf(file, " %d\n", thread->cpu);
	else
		seq_puts(file, " -\n");
}

static int vm_threads_show(struct seq_file *file, u64 id)
{
	struct kvmfault_thread *rows;
	unsigned int i, nr;

	rows = kvmfault_setup_threads(id, &nr);
	if (PTR_ERR(rows) == -ENOMEM)
		return -ENOMEM;
	if (IS_ERR(rows)) {
		seq_printf(file, "%llu - - -\n", id);
		return 0;
	}

	for (i = 0; i < nr; i++)
		thread_put(file, id, &rows[i]);
	kvfree(rows);
	return 0;
}

static u64 last_id(void)
{
	u64 last;

	kvmfault_table_begin();
	last = kvmfault_table_last();
	kvmfault_table_end();
	return last;
}

/* A VMM can have many VMs, and so many files that each takes long to find. */
static int vms_show(struct seq_file *file, const char *columns,
		    int (*show)(struct seq_file *file, u64 id))
{
	u64 last = last_id(), id = 0;
	int ret = 0;

	seq_puts(file, columns);
	while (!ret && !seq_has_overflowed(file)) {
		/* vm 0 is not set up any more. */
		id = kvmfault_table_seek(id + 1);
		if (id > last)
			break;
		ret = fatal_signal_pending(current) ? -EINTR : show(file, id);
	}
	return ret;
}

/**
 * kvmfault_setup_show() - a row for each VM
 * @file: where to
 * @unused: nothing
 *
 * Return: 0, -ENOMEM or -EINTR, as of the next ones.
 */
int kvmfault_setup_show(struct seq_file *file, void *unused)
{
	return vms_show(file,
			"vm memslots pages vcpus tdp_tables shadow_tables maps_4k maps_2m maps_1g maps_large private root_loads\n",
			vm_setup_show);
}

/**
 * kvmfault_memslots_show() - a row for each memory slot
 * @file: where to
 * @unused: nothing
 */
int kvmfault_memslots_show(struct seq_file *file, void *unused)
{
	return vms_show(file,
			"vm as slot gpa_from gpa_to hva_from hva_to pages flags\n",
			vm_memslots_show);
}

/**
 * kvmfault_threads_show() - a row for each vCPU
 * @file: where to
 * @unused: nothing
 */
int kvmfault_threads_show(struct seq_file *file, void *unused)
{
	return vms_show(file, "vm vcpu tid cpu\n", vm_threads_show);
}
