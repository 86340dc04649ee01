// SPDX-License-Identifier: GPL-2.0
/*
 * Probes beside the attach points
 *
 * Like an attach point each waits for its module, and is removed before that
 * goes. A function that a kernel has not is no error: its probe is unavailable,
 * and the rest of the table does without.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpufeature.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include <compat/kprobes.h>

#include "extra.h"
#include "kretprobe.h"
#include "withdraw.h"

/*
 * Both protect the tables that are armed, and the state of their probes. As in probe.c
 * who changes them holds both, and lets go of the second one while the kernel changes
 * its code; who reads holds that alone.
 */
static DEFINE_MUTEX(change_lock);
static DEFINE_MUTEX(extra_lock);
static LIST_HEAD(armed);

#define for_each_extra(extra, extras)	\
	for ((extra) = (extras)->probes;	\
	     (extra) < (extras)->probes + (extras)->nr; (extra)++)

static void change_begin(void)
{
	mutex_lock(&change_lock);
	mutex_lock(&extra_lock);
}

static void change_end(void)
{
	mutex_unlock(&extra_lock);
	mutex_unlock(&change_lock);
}

static int extra_register(struct kvmfault_extra *extra)
{
	struct kretprobe *kretprobe = &extra->kretprobe;

	if (extra->at) {
		extra->kprobe.symbol_name = extra->where;
		extra->kprobe.pre_handler = extra->at;
		return register_kprobe(&extra->kprobe);
	}

	kretprobe->kp.symbol_name = extra->where;
	kretprobe->entry_handler = extra->enter;
	kretprobe->handler = extra->leave;
	kretprobe->maxactive = extra->instances ?:
			       kvmfault_probe_in_flight(extra->in_flight);
	kretprobe->data_size = extra->data_size;
	return register_kretprobe(kretprobe);
}

/* What is left of an attempt or of a probe must not be there at the next one. */
static void extra_forget(struct kvmfault_extra *extra)
{
	memset(&extra->kretprobe, 0, sizeof(extra->kretprobe));
	memset(&extra->kprobe, 0, sizeof(extra->kprobe));
	atomic64_set(&extra->missed_last, 0);
}

static int extra_arm_symbol(struct kvmfault_extra *extra, const char *symbol)
{
	int ret;

	kvmfault_probe_where(extra->where, sizeof(extra->where),
			     extra->builtin ? NULL : extra->module, symbol);
	extra_forget(extra);
	mutex_unlock(&extra_lock);
	ret = extra_register(extra);
	mutex_lock(&extra_lock);
	if (!ret)
		extra->symbol = symbol;
	return ret;
}

static bool extra_is_present(const struct kvmfault_extra *extra)
{
	return extra->builtin || !extra->module ||
	       kvmfault_probe_module_is_loaded(extra->module);
}

/* @present: its module is here, or on its way in. */
static void extra_try(struct kvmfault_extra *extra, bool present)
{
	unsigned int i;
	int ret = -ENOENT;
	bool told;

	for (i = 0; i < ARRAY_SIZE(extra->symbols) && ret == -ENOENT; i++)
		if (extra->symbols[i])
			ret = extra_arm_symbol(extra, extra->symbols[i]);

	/* That there is no memory is told once. */
	told = extra->starved && ret == -ENOMEM;
	extra->starved = ret == -ENOMEM;
	if (!ret) {
		WRITE_ONCE(extra->state, KVMFAULT_PROBE_ARMED);
		return;
	}
	if (ret == -ENOENT && !present) {
		WRITE_ONCE(extra->state, KVMFAULT_PROBE_WAITING);
		return;
	}
	WRITE_ONCE(extra->state, KVMFAULT_PROBE_UNAVAILABLE);
	if (ret == -ENOENT)
		pr_info("this kernel has no function %s: %s\n", extra->name,
			extra->what);
	else if (!told)
		pr_warn("cannot probe %s (error %d): %s\n", extra->name, ret,
			extra->what);
}

static u64 extra_missed(struct kvmfault_extra *extra)
{
	/* The kernel counts on any CPU, meanwhile. */
	return extra->missed_before +
	       kvmfault_kretprobe_missed(&extra->kretprobe, &extra->missed_last) +
	       READ_ONCE(extra->kprobe.nmissed);
}

/* On return no handler of it runs. */
static void extra_remove(struct kvmfault_extra *extra)
{
	mutex_unlock(&extra_lock);
	if (extra->at)
		kvmfault_withdraw_kprobe(&extra->kprobe);
	else
		kvmfault_withdraw_kretprobe(&extra->kretprobe);
	mutex_lock(&extra_lock);
	extra->missed_before = extra_missed(extra);
	extra_forget(extra);
	extra->symbol = NULL;
	WRITE_ONCE(extra->state, KVMFAULT_PROBE_WAITING);
}

static bool extra_is_used(const struct kvmfault_extra *extra)
{
	return !extra->vendor || boot_cpu_has(extra->vendor);
}

static void extras_free(struct kvmfault_extras *extras)
{
	struct kvmfault_extra *extra;

	for_each_extra(extra, extras) {
		free_percpu(extra->hits);
		extra->hits = NULL;
	}
}

static int extras_alloc(struct kvmfault_extras *extras)
{
	struct kvmfault_extra *extra;

	for_each_extra(extra, extras) {
		extra->missed_before = 0;
		extra->hits = alloc_percpu(u64);
		if (!extra->hits) {
			extras_free(extras);
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * kvmfault_extra_arm() - place the probes of a table
 * @extras: the table
 *
 * Those whose module is not here wait for it. Handlers may run before this
 * returns.
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_extra_arm(struct kvmfault_extras *extras)
{
	struct kvmfault_extra *extra;
	int ret;

	ret = extras_alloc(extras);
	if (ret)
		return ret;

	change_begin();
	list_add_tail(&extras->list, &armed);
	kvmfault_probe_changed();
	for_each_extra(extra, extras)
		if (extra_is_used(extra))
			extra_try(extra, extra_is_present(extra));
	change_end();
	return 0;
}

/**
 * kvmfault_extra_disarm() - remove the probes of a table
 * @extras: the table
 *
 * On return none of their handlers runs any more; calls under way are not seen
 * to end.
 */
void kvmfault_extra_disarm(struct kvmfault_extras *extras)
{
	struct kvmfault_extra *extra;

	change_begin();
	list_del(&extras->list);
	kvmfault_probe_changed();
	for_each_extra(extra, extras) {
		if (extra->state == KVMFAULT_PROBE_ARMED)
			extra_remove(extra);
		WRITE_ONCE(extra->state, KVMFAULT_PROBE_UNUSED);
	}
	change_end();
	extras_free(extras);
}

/* Whoever looked for its module as that was on its way out has not found it. */
static bool extra_is_missing(const struct kvmfault_extra *extra)
{
	return extra->state == KVMFAULT_PROBE_WAITING ||
	       extra->state == KVMFAULT_PROBE_UNAVAILABLE;
}

static bool extra_is_of(const struct kvmfault_extra *extra, const char *module)
{
	return extra->module && !strcmp(extra->module, module);
}

/* Those of all tables that are armed. */
static void extras_each_of(const char *module,
			   void (*visit)(struct kvmfault_extra *extra))
{
	struct kvmfault_extras *extras;
	struct kvmfault_extra *extra;

	change_begin();
	list_for_each_entry(extras, &armed, list)
		for_each_extra(extra, extras)
			if (extra_is_of(extra, module))
				visit(extra);
	change_end();
}

static void extra_come(struct kvmfault_extra *extra)
{
	if (extra_is_missing(extra))
		extra_try(extra, true);
}

/**
 * kvmfault_extra_coming() - a module comes
 * @module: its name
 */
void kvmfault_extra_coming(const char *module)
{
	extras_each_of(module, extra_come);
}

static void extra_retry(struct kvmfault_extra *extra)
{
	if (extra->starved && extra->state == KVMFAULT_PROBE_UNAVAILABLE)
		extra_try(extra, extra_is_present(extra));
}

/**
 * kvmfault_extra_review() - there may be memory now for probes that got none
 *
 * Once in a while, when there is something to settle.
 */
void kvmfault_extra_review(void)
{
	static unsigned long next;
	struct kvmfault_extras *extras;
	struct kvmfault_extra *extra;

	if (time_before(jiffies, next))
		return;
	next = jiffies + HZ;

	change_begin();
	list_for_each_entry(extras, &armed, list)
		for_each_extra(extra, extras)
			extra_retry(extra);
	change_end();
}

static void extra_let_go(struct kvmfault_extra *extra)
{
	if (extra->state == KVMFAULT_PROBE_ARMED)
		extra_remove(extra);
	else if (extra->state == KVMFAULT_PROBE_UNAVAILABLE)
		WRITE_ONCE(extra->state, KVMFAULT_PROBE_WAITING);
}

/**
 * kvmfault_extra_going() - a module goes
 * @module: its name
 */
void kvmfault_extra_going(const char *module)
{
	extras_each_of(module, extra_let_go);
}

static u64 extra_hits(const struct kvmfault_extra *extra)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(extra->hits, cpu));
	return sum;
}

static u64 extra_lost(const struct kvmfault_extra *extra,
		      enum kvmfault_loss loss)
{
	u64 sum = 0;
	int cpu;

	if (!extra->lost)
		return 0;
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(extra->lost, cpu)[loss]);
	return sum;
}

static void extra_describe(struct kvmfault_extra *extra,
			   struct kvmfault_probe_row *row)
{
	enum kvmfault_loss loss;

	row->name = extra->name;
	row->symbol = extra->symbol ?: "-";
	row->engine = extra->at ? "kprobe" : "kretprobe";
	row->state = extra->state;
	row->hits = extra_hits(extra);
	row->missed = extra_missed(extra);
	for (loss = 0; loss < KVMFAULT_LOSSES; loss++)
		row->missed += extra_lost(extra, loss);
}

static struct kvmfault_extra *extra_find(unsigned int index)
{
	struct kvmfault_extras *extras;
	struct kvmfault_extra *extra;

	list_for_each_entry(extras, &armed, list)
		for_each_extra(extra, extras)
			if (extra_is_used(extra) && !index--)
				return extra;
	return NULL;
}

/**
 * kvmfault_extra_row() - describe a probe of a table that is armed
 * @index: which, from 0, over all tables
 * @row: where to; what it points to are constants
 *
 * Return: false if there are not so many.
 */
bool kvmfault_extra_row(unsigned int index, struct kvmfault_probe_row *row)
{
	struct kvmfault_extra *extra;

	mutex_lock(&extra_lock);
	extra = extra_find(index);
	if (extra)
		extra_describe(extra, row);
	mutex_unlock(&extra_lock);
	return extra;
}

/**
 * kvmfault_extra_named() - describe a probe of a table that is armed
 * @name: what is probed, as in the rows
 * @row: where to
 *
 * Return: false if there is none.
 */
bool kvmfault_extra_named(const char *name, struct kvmfault_probe_row *row)
{
	unsigned int i;

	for (i = 0; kvmfault_extra_row(i, row); i++)
		if (!strcmp(row->name, name))
			return true;
	return false;
}

static void missed_add(struct kvmfault_missed *missed,
		       const struct kvmfault_extra *extra)
{
	enum kvmfault_loss loss;
	u64 lost;

	for (loss = 0; loss < KVMFAULT_LOSSES; loss++) {
		lost = extra_lost(extra, loss);
		missed->lost[loss] += lost;
		missed->all += lost;
	}
}

/**
 * kvmfault_extra_missed() - add what the probes have seen and nobody has counted
 * @missed: to this
 */
void kvmfault_extra_missed(struct kvmfault_missed *missed)
{
	struct kvmfault_extras *extras;
	struct kvmfault_extra *extra;

	mutex_lock(&extra_lock);
	list_for_each_entry(extras, &armed, list)
		for_each_extra(extra, extras)
			missed_add(missed, extra);
	mutex_unlock(&extra_lock);
}

static size_t extra_bytes(const struct kvmfault_extra *extra)
{
	size_t bytes = 0;

	if (extra->hits)
		bytes += num_possible_cpus() * sizeof(u64);
	if (extra->lost)
		bytes += num_possible_cpus() * KVMFAULT_LOSSES * sizeof(u64);
	if (extra->state == KVMFAULT_PROBE_ARMED && !extra->at)
		bytes += kvmfault_kretprobe_bytes(&extra->kretprobe);
	return bytes;
}

/**
 * kvmfault_extra_bytes() - the memory that the probes of all tables take
 */
size_t kvmfault_extra_bytes(void)
{
	const struct kvmfault_extras *extras;
	const struct kvmfault_extra *extra;
	size_t bytes = 0;

	mutex_lock(&extra_lock);
	list_for_each_entry(extras, &armed, list)
		for_each_extra(extra, extras)
			bytes += extra_bytes(extra);
	mutex_unlock(&extra_lock);
	return bytes;
}
