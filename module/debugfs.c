// SPDX-License-Identifier: GPL-2.0
/*
 * The files in /sys/kernel/debug/kvmfault
 *
 * Tables: the first line names the columns, then a line for each row, blanks
 * between, free text last. A file is written in one go under one lock: its rows
 * belong to one moment.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/kmemleak.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "account.h"
#include "async.h"
#include "comm.h"
#include "debugfs.h"
#include "detail.h"
#include "extra.h"
#include "hot.h"
#include "learn.h"
#include "probe.h"
#include "recent.h"
#include "setup_files.h"
#include "stages.h"
#include "steps.h"
#include "summary.h"
#include "table.h"
#include "watch.h"

/* To work with; too large for the stack. */
struct scratch {
	struct kvmfault_row row;
	struct kvmfault_fault_row faults[KVMFAULT_COMBOS_VM];
};

static void put_address(struct seq_file *file, u64 address)
{
	if (address == KVMFAULT_NOWHERE)
		seq_puts(file, " -");
	else
		seq_printf(file, " 0x%llx", address);
}

/* Until a fault has shown what a retry looks like, nobody knows how many. */
static void put_retries(struct seq_file *file, bool known, u64 retries)
{
	if (known)
		seq_printf(file, " %llu", retries);
	else
		seq_puts(file, " -");
}

static void probes_put(struct seq_file *file,
		       const struct kvmfault_probe_row *row)
{
	seq_printf(file, "%s %s %s %llu %llu %s\n", row->name, row->engine,
		   kvmfault_probe_state_name(row->state), row->hits,
		   row->missed, row->symbol);
}

static int probes_show(struct seq_file *file, void *unused)
{
	struct kvmfault_probe_row row;
	enum kvmfault_point_id id;
	unsigned int i;

	seq_puts(file, "probe engine state hits missed symbol\n");
	for (id = 0; id < KVMFAULT_POINTS; id++)
		if (kvmfault_probe_row(id, &row))
			probes_put(file, &row);
	for (i = 0; kvmfault_extra_row(i, &row); i++)
		probes_put(file, &row);
	return 0;
}

static void vms_put(struct seq_file *file, struct scratch *scratch)
{
	const struct kvmfault_row *row = &scratch->row;
	const struct kvmfault_total *exit = &row->counts.total[KVMFAULT_VIOLATION];
	const struct kvmfault_vm *vm = row->vm;
	unsigned int class;
	u64 retries;
	bool known;

	seq_printf(file, "%llu %d %s %d", vm->id, vm->pid,
		   vm->id ? "live" : "gone", atomic_read(&vm->nr_vcpus));
	for (class = 0; class <= KVMFAULT_TDP; class++)
		seq_printf(file, " %llu",
			   kvmfault_hist_count(row->counts.total[class].bucket));
	known = kvmfault_table_retries(&retries, &row->counts);
	put_retries(file, known, retries);
	seq_printf(file, " %llu %llu %llu %llu %llu",
		   exit->userspace +
		   row->counts.total[KVMFAULT_MISCONFIG].userspace,
		   kvmfault_hist_percentile(exit->bucket, exit->max_ns, 500),
		   kvmfault_hist_percentile(exit->bucket, exit->max_ns, 990),
		   exit->max_ns,
		   kvmfault_hist_count(row->counts.total[KVMFAULT_SHADOW].bucket));
	kvmfault_comm_put(file, vm->comm);
}

static void vcpus_put(struct seq_file *file, const struct kvmfault_vm *vm,
		      const struct kvmfault_vcpu_row *row)
{
	unsigned int class;
	u64 retries;
	bool known;

	seq_printf(file, "%llu %d", vm->id, row->id);
	for (class = 0; class <= KVMFAULT_TDP; class++)
		seq_printf(file, " %llu", row->count[class]);
	known = kvmfault_table_vcpu_retries(&retries, row);
	put_retries(file, known, retries);
	seq_printf(file, " %llu %llu\n", row->count[KVMFAULT_SHADOW],
		   row->max_ns);
}

static void latency_put(struct seq_file *file, struct scratch *scratch)
{
	const struct kvmfault_row *row = &scratch->row;
	static const unsigned int permille[] = { 500, 900, 990, 999 };
	const struct kvmfault_total *total;
	unsigned int class, i;
	u64 count;

	for (class = 0; class < KVMFAULT_CLASSES; class++) {
		total = &row->counts.total[class];
		count = kvmfault_hist_count(total->bucket);
		if (!kvmfault_table_has_class(&row->counts, class))
			continue;
		seq_printf(file, "%llu %s %llu %llu %llu", row->vm->id,
			   kvmfault_class_name(class), count, total->sum_ns,
			   count ? total->min_ns : 0);
		for (i = 0; i < ARRAY_SIZE(permille); i++)
			seq_printf(file, " %llu",
				   kvmfault_hist_percentile(total->bucket,
							    total->max_ns,
							    permille[i]));
		seq_printf(file, " %llu %llu %llu\n", total->userspace,
			   total->failed, total->max_ns);
	}
}

static void histogram_put_bucket(struct seq_file *file,
				 const struct kvmfault_row *row,
				 enum kvmfault_class class, unsigned int i)
{
	u64 to = kvmfault_hist_to(i);

	seq_printf(file, "%llu %s %llu", row->vm->id,
		   kvmfault_class_name(class), kvmfault_hist_from(i));
	if (to == KVMFAULT_HIST_OPEN)
		seq_puts(file, " -");
	else
		seq_printf(file, " %llu", to);
	seq_printf(file, " %llu\n", row->counts.total[class].bucket[i]);
}

static void histogram_put(struct seq_file *file, struct scratch *scratch)
{
	const struct kvmfault_row *row = &scratch->row;
	unsigned int class, i;

	for (class = 0; class < KVMFAULT_CLASSES; class++)
		for (i = 0; i < KVMFAULT_HIST_BUCKETS; i++)
			if (row->counts.total[class].bucket[i])
				histogram_put_bucket(file, row, class, i);
}

static void faults_put(struct seq_file *file, struct scratch *scratch)
{
	const struct kvmfault_fault_row *row = scratch->faults;
	unsigned int nr;

	for (nr = kvmfault_table_faults(scratch->faults, &scratch->row.counts); nr;
	     nr--, row++)
		seq_printf(file, "%llu %s %s %s %s %llu %s %s %llu\n",
			   scratch->row.vm->id,
			   kvmfault_access_name(row->access),
			   kvmfault_cause_name(row->cause),
			   kvmfault_outcome_name(row->outcome),
			   kvmfault_level_name(row->level), row->count,
			   kvmfault_class_name(kvmfault_way_class(row->way)),
			   kvmfault_guest_name(kvmfault_way_guest(row->way)),
			   row->sum_ns);
}

static void shadow_put(struct seq_file *file, struct scratch *scratch)
{
	const struct kvmfault_counts *counts = &scratch->row.counts;
	struct kvmfault_shadow_row row;
	unsigned int i;

	if (!kvmfault_table_shadow(&row, &scratch->row))
		return;
	seq_printf(file, "%llu %llu %llu %llu %llu", scratch->row.vm->id,
		   row.count, row.nested, row.injected, row.reflected);
	for (i = 0; i < KVMFAULT_SHADOW_EVENTS; i++)
		seq_printf(file, " %llu", counts->event[i]);
	if (row.pages == U64_MAX)
		seq_puts(file, " -\n");
	else
		seq_printf(file, " %llu\n", row.pages);
}

static int rows_show(struct seq_file *file, const char *columns,
		     void (*put)(struct seq_file *file,
				 struct scratch *scratch))
{
	const struct kvmfault_vm *vm;
	struct scratch *scratch;

	scratch = kvmalloc(sizeof(*scratch), GFP_KERNEL);
	if (!scratch)
		return -ENOMEM;

	seq_puts(file, columns);
	kvmfault_table_begin();
	for (vm = kvmfault_table_next(NULL); vm && !seq_has_overflowed(file);
	     vm = kvmfault_table_next(vm)) {
		kvmfault_table_fold(&scratch->row, vm);
		put(file, scratch);
	}
	kvmfault_table_end();
	kvfree(scratch);
	return 0;
}

static int vms_show(struct seq_file *file, void *unused)
{
	return rows_show(file,
			 "vm pid state vcpus violation misconfig tdp retry userspace p50_ns p99_ns max_ns shadow comm\n",
			 vms_put);
}

static int latency_show(struct seq_file *file, void *unused)
{
	return rows_show(file,
			 "vm class count sum_ns min_ns p50_ns p90_ns p99_ns p999_ns userspace failed max_ns\n",
			 latency_put);
}

static int histogram_show(struct seq_file *file, void *unused)
{
	return rows_show(file, "vm class from_ns to_ns count\n",
			 histogram_put);
}

static int faults_show(struct seq_file *file, void *unused)
{
	return rows_show(file,
			 "vm access cause outcome level count class guest sum_ns\n",
			 faults_put);
}

static int shadow_show(struct seq_file *file, void *unused)
{
	return rows_show(file,
			 "vm count nested injected reflected writes syncs invlpg cr3 roots pages\n",
			 shadow_put);
}

static int vm_vcpus_show(struct seq_file *file, const struct kvmfault_vm *vm)
{
	struct kvmfault_vcpu_row *rows;
	unsigned int i, nr;

	rows = kvmfault_table_vcpus(vm, &nr);
	if (IS_ERR(rows))
		return PTR_ERR(rows);

	for (i = 0; i < nr; i++)
		vcpus_put(file, vm, &rows[i]);
	kvfree(rows);
	return 0;
}

static int vcpus_show(struct seq_file *file, void *unused)
{
	const struct kvmfault_vm *vm;
	int ret = 0;

	seq_puts(file, "vm vcpu violation misconfig tdp retry shadow max_ns\n");
	kvmfault_table_begin();
	for (vm = kvmfault_table_next(NULL); vm && !seq_has_overflowed(file);
	     vm = kvmfault_table_next(vm)) {
		ret = vm_vcpus_show(file, vm);
		if (ret)
			break;
	}
	kvmfault_table_end();
	return ret;
}

static void async_put(struct seq_file *file, const struct kvmfault_vm *vm,
		      const struct kvmfault_async_row *row)
{
	const struct kvmfault_async_counts *counts = &row->counts;

	seq_printf(file, "%llu ", vm->id);
	if (vm->id)
		seq_printf(file, "%u", row->vcpu);
	else
		seq_puts(file, "-");
	seq_printf(file, " %llu %llu %llu %llu %llu %llu %llu %llu %llu",
		   row->set_up, row->delivered, row->halted, row->completed,
		   row->ready, row->cancelled, row->repeated, row->outstanding,
		   row->oldest_ns);
	seq_printf(file, " %llu %llu %llu %llu\n", counts->sum_ns,
		   kvmfault_hist_percentile(counts->bucket, counts->max_ns, 500),
		   kvmfault_hist_percentile(counts->bucket, counts->max_ns, 990),
		   counts->max_ns);
}

static int vm_async_show(struct seq_file *file, const struct kvmfault_vm *vm,
			 struct kvmfault_async_row *row)
{
	const struct kvmfault_vcpu **vcpus;
	unsigned int i, nr;

	vcpus = kvmfault_async_vcpus(vm, &nr);
	if (IS_ERR(vcpus))
		return PTR_ERR(vcpus);

	for (i = 0; i < nr; i++)
		if (kvmfault_async_row(row, vcpus[i]))
			async_put(file, vm, row);
	kvfree(vcpus);
	return 0;
}

static int async_show(struct seq_file *file, void *unused)
{
	struct kvmfault_async_row *row;
	const struct kvmfault_vm *vm;
	int ret = 0;

	row = kmalloc(sizeof(*row), GFP_KERNEL);
	if (!row)
		return -ENOMEM;

	seq_puts(file, "vm vcpu setup delivered halted completed ready cancelled repeated outstanding oldest_ns sum_ns p50_ns p99_ns max_ns\n");
	kvmfault_table_begin();
	if (kvmfault_async_row_gone(row))
		async_put(file, &kvmfault_vm_gone, row);
	for (vm = kvmfault_table_next(NULL);
	     vm && !ret && !seq_has_overflowed(file);
	     vm = kvmfault_table_next(vm))
		ret = vm_async_show(file, vm, row);
	kvmfault_table_end();
	kfree(row);
	return ret;
}

static void stuck_put(struct seq_file *file,
		      const struct kvmfault_stuck_row *row)
{
	seq_printf(file, "%llu %d %s %llu %llu", row->vm->id, row->vcpu,
		   kvmfault_stuck_name(row->how), row->for_ns, row->faults);
	put_address(file, row->gpa);
	put_address(file, row->rip);
	seq_printf(file, " %s\n", kvmfault_outcome_name(row->outcome));
}

static int vm_stuck_show(struct seq_file *file, const struct kvmfault_vm *vm)
{
	const struct kvmfault_vcpu **vcpus;
	struct kvmfault_stuck_row row;
	unsigned int i, nr;

	vcpus = kvmfault_watch_vcpus(vm, &nr);
	if (IS_ERR(vcpus))
		return PTR_ERR(vcpus);

	for (i = 0; i < nr; i++) {
		kvmfault_watch_row(&row, vcpus[i]);
		stuck_put(file, &row);
	}
	kvfree(vcpus);
	return 0;
}

static int stuck_show(struct seq_file *file, void *unused)
{
	const struct kvmfault_vm *vm;
	int ret = 0;

	seq_puts(file, "vm vcpu how for_ns faults gpa rip outcome\n");
	kvmfault_table_begin();
	for (vm = kvmfault_table_next(NULL);
	     vm && !ret && !seq_has_overflowed(file);
	     vm = kvmfault_table_next(vm))
		ret = vm_stuck_show(file, vm);
	kvmfault_table_end();
	return ret;
}

static void hot_put(struct seq_file *file, const struct kvmfault_vm *vm,
		    const struct kvmfault_digest *digest)
{
	const struct kvmfault_heat *heat = digest->heat;
	unsigned int i;

	for (i = 0; i < digest->nr; i++, heat++) {
		seq_printf(file, "%llu %u", vm->id, i + 1);
		put_address(file, kvmfault_heat_gpa(heat->key));
		seq_printf(file, " %s %s %llu %llu",
			   kvmfault_level_name(kvmfault_heat_level(heat->key)),
			   kvmfault_access_name(kvmfault_heat_access(heat->key)),
			   heat->count, heat->error);
		put_address(file, heat->rip);
		seq_puts(file, "\n");
	}
}

static int hot_show(struct seq_file *file, void *unused)
{
	struct kvmfault_digest *digest;
	const struct kvmfault_vm *vm;

	seq_puts(file, "vm rank gpa size access count error rip\n");
	if (!kvmfault_detail_is_on(&kvmfault_hot_detail))
		return 0;
	digest = kvmalloc(sizeof(*digest), GFP_KERNEL);
	if (!digest)
		return -ENOMEM;

	kvmfault_table_begin();
	for (vm = kvmfault_table_next(NULL); vm && !seq_has_overflowed(file);
	     vm = kvmfault_table_next(vm)) {
		kvmfault_account_hot(digest, vm);
		hot_put(file, vm, digest);
	}
	kvmfault_table_end();
	kvfree(digest);
	return 0;
}

static void stage_total_put(struct seq_file *file,
			    const struct kvmfault_stage_total *total)
{
	seq_printf(file, " %llu %llu %llu %llu %llu\n",
		   kvmfault_hist_count(total->bucket), total->sum_ns,
		   kvmfault_hist_percentile(total->bucket, total->max_ns, 500),
		   kvmfault_hist_percentile(total->bucket, total->max_ns, 990),
		   total->max_ns);
}

static void stage_put(struct seq_file *file, const struct kvmfault_vm *vm,
		      enum kvmfault_stage stage,
		      const struct kvmfault_stage_total *total)
{
	enum kvmfault_probe_state state = kvmfault_steps_state(stage);

	seq_printf(file, "%llu %s %s %s", vm->id, kvmfault_stage_name(stage),
		   stage == KVMFAULT_STAGE_TDP ? "-" :
		   kvmfault_stage_name(kvmfault_stage_of(stage)),
		   kvmfault_probe_state_name(state));
	stage_total_put(file, total);
}

static void stages_put(struct seq_file *file, const struct kvmfault_vm *vm,
		       const struct kvmfault_stage_totals *totals)
{
	enum kvmfault_stage stage;

	for (stage = 0; stage < KVMFAULT_STAGES; stage++)
		stage_put(file, vm, stage, &totals->total[stage]);
}

static void causes_put(struct seq_file *file, const struct kvmfault_vm *vm,
		       const struct kvmfault_stage_totals *totals)
{
	const struct kvmfault_stage_total *host = totals->host;
	enum kvmfault_host cause;

	for (cause = 0; cause < KVMFAULT_HOST_CAUSES; cause++, host++) {
		if (!kvmfault_hist_count(host->bucket))
			continue;
		seq_printf(file, "%llu %s", vm->id,
			   kvmfault_host_cause_name(cause));
		stage_total_put(file, host);
	}
}

static int totals_show(struct seq_file *file, const char *columns,
		       void (*put)(struct seq_file *file,
				   const struct kvmfault_vm *vm,
				   const struct kvmfault_stage_totals *totals))
{
	struct kvmfault_stage_totals *totals;
	const struct kvmfault_vm *vm;

	seq_puts(file, columns);
	if (!kvmfault_detail_is_on(&kvmfault_stages_detail))
		return 0;
	totals = kvmalloc(sizeof(*totals), GFP_KERNEL);
	if (!totals)
		return -ENOMEM;

	kvmfault_table_begin();
	for (vm = kvmfault_table_next(NULL); vm && !seq_has_overflowed(file);
	     vm = kvmfault_table_next(vm)) {
		kvmfault_account_stages(totals, vm);
		put(file, vm, totals);
	}
	kvmfault_table_end();
	kvfree(totals);
	return 0;
}

static int stages_show(struct seq_file *file, void *unused)
{
	return totals_show(file,
			   "vm stage of state count sum_ns p50_ns p99_ns max_ns\n",
			   stages_put);
}

static int causes_show(struct seq_file *file, void *unused)
{
	return totals_show(file, "vm cause count sum_ns p50_ns p99_ns max_ns\n",
			   causes_put);
}

static const char *recent_outcome(const struct kvmfault_recent_row *row)
{
	if (kvmfault_class_is_exit(row->class))
		return kvmfault_end_name(row->end);
	return kvmfault_outcome_name(row->outcome);
}

static void recent_put(struct seq_file *file,
		       const struct kvmfault_recent_row *row)
{
	seq_printf(file, "%llu %llu %d %s", row->time_ns, row->vm, row->vcpu,
		   kvmfault_class_name(row->class));
	put_address(file, row->address.gpa);
	seq_printf(file, " %s %s %s %s %llu", kvmfault_access_name(row->access),
		   kvmfault_cause_name(row->cause), recent_outcome(row),
		   kvmfault_level_name(row->level), row->duration_ns);
	put_address(file, row->address.gva);
	put_address(file, row->address.rip);
	put_address(file, row->address.hva);
	put_address(file, row->address.pfn);
	if (row->address.slot < 0)
		seq_puts(file, " -");
	else
		seq_printf(file, " %d", row->address.slot);
	seq_printf(file, " %u %d %s", row->cpu, row->pid,
		   kvmfault_guest_name(row->guest));
	kvmfault_comm_put(file, row->comm);
}

static int recent_show(struct seq_file *file, void *unused)
{
	struct kvmfault_recent_row *rows;
	unsigned int i, nr;

	seq_puts(file, "time_ns vm vcpu class gpa access cause outcome level duration_ns gva rip hva pfn slot cpu pid guest comm\n");
	rows = kvmfault_recent_read(&nr);
	if (IS_ERR(rows))
		return PTR_ERR(rows);

	for (i = 0; i < nr; i++)
		recent_put(file, &rows[i]);
	kvfree(rows);
	return 0;
}

/*
 * A file that does not fit its buffer is written anew into one of twice the
 * size. So each begins with the size that it had last, and a bit.
 */
static struct show {
	const char *name;
	int (*show)(struct seq_file *file, void *unused);
	size_t size;
} shows[] = {
	{ "summary", kvmfault_summary_show },
	{ "probes", probes_show },
	{ "vms", vms_show },
	{ "vcpus", vcpus_show },
	{ "latency", latency_show },
	{ "histogram", histogram_show },
	{ "faults", faults_show },
	{ "shadow", shadow_show },
	{ "stuck", stuck_show },
	{ "async", async_show },
	{ "hot", hot_show },
	{ "stages", stages_show },
	{ "causes", causes_show },
	{ "recent", recent_show },
	{ "setup", kvmfault_setup_show },
	{ "memslots", kvmfault_memslots_show },
	{ "threads", kvmfault_threads_show },
};

static struct dentry *directory;
static struct dentry *dentries[ARRAY_SIZE(shows)];

/*
 * An open file must not hold the module: rmmod works at any time. So the
 * operations name no owner, and what still runs when such a file is closed
 * after rmmod, single_release() and the reading of this struct, must outlive
 * the module: the struct is allocated, not static. All that is in the module
 * runs under debugfs's guard against removal.
 */
static const struct file_operations *fops;

static int show_whole(struct seq_file *file, void *unused)
{
	struct show *show = file->private;
	int ret = show->show(file, unused);

	if (!seq_has_overflowed(file))
		WRITE_ONCE(show->size, file->count);
	return ret;
}

/*
 * Who opens it pays for the buffer, and VMMs decide how large it was: more is taken
 * when it is needed.
 */
#define SIZE_MAX_AHEAD	SZ_4M

static int show_open(struct inode *inode, struct file *file)
{
	struct show *show = inode->i_private;
	size_t size = min_t(size_t, READ_ONCE(show->size), SIZE_MAX_AHEAD);

	return single_open_size(file, show_whole, show,
				PAGE_ALIGN(size + size / 8 + 1));
}

static const struct file_operations template = {
	.open = show_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

/* The references that debugfs and we hold on each file, if nobody else does. */
static bool file_is_open(struct dentry *dentry)
{
	return d_count(dentry) > 1;
}

static void file_create(unsigned int i)
{
	dentries[i] = debugfs_create_file(shows[i].name, 0400, directory,
					  (void *)&shows[i], fops);
	if (IS_ERR(dentries[i]))
		pr_warn("there is no file %s in debugfs (error %ld)\n",
			shows[i].name, PTR_ERR(dentries[i]));
}

/**
 * kvmfault_debugfs_init() - make the files
 *
 * Return: 0 or -ENOMEM. To have no files, or not all of them, is no error: there is
 * netlink, and what is lacking is said, for debugfs says it of some reasons only.
 */
int kvmfault_debugfs_init(void)
{
	unsigned int i;

	fops = kmemdup(&template, sizeof(template), GFP_KERNEL);
	if (!fops)
		return -ENOMEM;

	directory = debugfs_create_dir("kvmfault", NULL);
	if (IS_ERR(directory)) {
		pr_warn("there are no files in debugfs (error %ld)\n",
			PTR_ERR(directory));
		return 0;
	}
	for (i = 0; i < ARRAY_SIZE(shows); i++)
		file_create(i);
	return 0;
}

/**
 * kvmfault_debugfs_exit() - take the files away
 *
 * On return nobody is reading. A file that is still open can only be closed;
 * for that its operations stay behind, at the price of their few bytes.
 */
void kvmfault_debugfs_exit(void)
{
	bool open = false;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shows); i++)
		if (!IS_ERR_OR_NULL(dentries[i]))
			dget(dentries[i]);

	debugfs_remove_recursive(directory);

	for (i = 0; i < ARRAY_SIZE(shows); i++) {
		if (IS_ERR_OR_NULL(dentries[i]))
			continue;
		open |= file_is_open(dentries[i]);
		dput(dentries[i]);
	}
	if (open)
		kmemleak_ignore(fops);
	else
		kfree(fops);
}
