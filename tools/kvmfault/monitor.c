// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault monitor: what the module tells by itself
 *
 * The kernel drops notifications when they come faster than they are read, and
 * says so. Then what can be asked for is: births and deaths that were not heard of
 * are told from the difference, and who is stuck is told once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "die.h"
#include "figure.h"

/**
 * struct monitor - a session of listening
 * @options: the options
 * @ask: a socket of its own for questions
 * @hears_vms: it listens to births and deaths
 * @hears_alerts: it listens to alerts
 * @vms: the VMs that were told to be alive, in the order of numbers
 * @filter: the VM to tell about; UNKNOWN for all
 * @left: how many lines are to come; 0 for no end
 * @done: all have come, or nobody gets them
 */
struct monitor {
	const struct options *options;
	struct nl *ask;
	bool hears_vms;
	bool hears_alerts;
	struct rows vms;
	uint64_t filter;
	unsigned long left;
	bool done;
};

static void print_time(void)
{
	struct timespec now;
	struct tm local;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &local);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &local);
	printf("%s.%03ld ", text, now.tv_nsec / 1000000);
}

static void ended(struct monitor *monitor)
{
	fflush(stdout);
	if ((monitor->left && !--monitor->left) || ferror(stdout))
		monitor->done = true;
}

/* JSON lines: an object is a line, however it is asked for. */
static void tell_json(struct monitor *monitor, struct json_object *json)
{
	struct options line = { 0 };
	struct timespec now;

	if (monitor->options->follow_time) {
		clock_gettime(CLOCK_REALTIME, &now);
		json_number(json, "time_ns",
			    now.tv_sec * 1000000000ULL + now.tv_nsec);
	}
	json_print(json, &line);
	ended(monitor);
}

static void begin_line(const struct monitor *monitor)
{
	if (monitor->options->follow_time)
		print_time();
}

static void print_total(const char *what, uint64_t count)
{
	char text[FIGURE];

	if (count != UNKNOWN)
		printf(" %s %s", what, figure_count(text, count));
}

static void print_vm(const struct vm *vm, const char *event)
{
	char comm[4 * TEXT + 4], max[FIGURE];
	unsigned int class;

	text_printable(comm, sizeof(comm), vm->comm);
	printf("vm %llu %s: pid %llu %s", (unsigned long long)vm->id, event,
	       (unsigned long long)vm->pid, comm);
	if (strcmp(event, "died"))
		return;
	printf(",");
	for (class = 0; class < CLASSES; class++)
		if (total_is_there(&vm->total[class]))
			print_total(class_name(class), vm->total[class].count);
	if (vm->total[KVMFAULT_FAULT_CLASS_VIOLATION].max_ns != UNKNOWN)
		printf(" max %s",
		       figure_time(max, vm->total[KVMFAULT_FAULT_CLASS_VIOLATION].max_ns));
}

static struct json_object *vm_json(const struct vm *vm, const char *event)
{
	struct json_object *json = json_object_new_object(), *total;
	unsigned int class;

	json_text(json, "event", event);
	json_number(json, "vm", vm->id);
	json_number(json, "pid", vm->pid);
	json_text(json, "comm", vm->comm);
	for (class = 0; class < CLASSES; class++) {
		/* What is known of one that died unheard is how it was before. */
		if (!strcmp(event, "died unheard") ||
		    !total_is_there(&vm->total[class]))
			continue;
		total = json_object_new_object();
		json_number(total, "count", vm->total[class].count);
		json_number(total, "sum_ns", vm->total[class].sum_ns);
		json_number(total, "p50_ns", vm->total[class].p50_ns);
		json_number(total, "p99_ns", vm->total[class].p99_ns);
		json_number(total, "max_ns", vm->total[class].max_ns);
		json_object_object_add(json, class_name(class), total);
	}
	return json;
}

static void tell_vm(struct monitor *monitor, const struct vm *vm,
		    const char *event)
{
	if (monitor->done ||
	    (monitor->filter != UNKNOWN && monitor->filter != vm->id))
		return;
	if (monitor->options->json) {
		tell_json(monitor, vm_json(vm, event));
		return;
	}
	begin_line(monitor);
	print_vm(vm, event);
	putchar('\n');
	ended(monitor);
}

static int is_other(const void *row, const void *id)
{
	return ((const struct vm *)row)->id != *(const uint64_t *)id;
}

static int by_number(const void *left, const void *right)
{
	const struct vm *one = left, *other = right;

	return one->id < other->id ? -1 : one->id > other->id;
}

/* It may be known: who listens before asking hears of some twice. */
static void remember(struct monitor *monitor, const struct vm *vm)
{
	struct rows *vms = &monitor->vms;

	rows_keep(vms, is_other, &vm->id);
	memcpy(rows_add(vms), vm, sizeof(*vm));
	qsort(vms->row, vms->nr, vms->size, by_number);
}

static void heard_vm(struct monitor *monitor, const struct nlmsghdr *nlh,
		     bool born)
{
	struct vm vm;

	memset(&vm, 0, sizeof(vm));
	model_decode_vm(nlh, &vm);
	if (born)
		remember(monitor, &vm);
	else
		rows_keep(&monitor->vms, is_other, &vm.id);
	tell_vm(monitor, &vm, born ? "born" : "died");
}

static struct json_object *alert_json(const struct alert *alert)
{
	struct json_object *json = json_object_new_object();

	json_text(json, "event", "alert");
	json_word(json, "kind", alert_name(alert->kind));
	json_number(json, "vm", alert->vm);
	json_number(json, "vcpu", alert->vcpu);
	json_word(json, "class", class_name(alert->class));
	json_number(json, "gpa", alert->gpa);
	json_number(json, "rip", alert->rip);
	if (alert->outcome != UNKNOWN)
		json_word(json, "outcome", outcome_name(alert->outcome));
	json_number(json, "start_ns", alert->start_ns);
	json_number(json, "duration_ns", alert->duration_ns);
	json_number(json, "count", alert->count);
	json_number(json, "dropped", alert->dropped);
	return json;
}

static void print_alert(const struct alert *alert)
{
	char time[FIGURE];

	figure_time(time, alert->duration_ns);
	printf("vm %llu alert: ", (unsigned long long)alert->vm);
	switch (alert->kind) {
	case KVMFAULT_ALERT_KIND_ASLEEP:
		printf("vcpu %llu sleeps in one fault, for %s so far",
		       (unsigned long long)alert->vcpu, time);
		break;
	case KVMFAULT_ALERT_KIND_REPEATS:
		printf("vcpu %llu repeats faults in vain, %llu in %s, %s",
		       (unsigned long long)alert->vcpu,
		       (unsigned long long)alert->count, time,
		       outcome_name(alert->outcome));
		break;
	case KVMFAULT_ALERT_KIND_ASYNC:
		printf("vcpu %llu waits for a page, for %s so far",
		       (unsigned long long)alert->vcpu, time);
		break;
	default:
		printf("%s on vcpu %llu took %s", class_name(alert->class),
		       (unsigned long long)alert->vcpu, time);
		break;
	}
	if (alert->gpa != UNKNOWN)
		printf(", gpa 0x%llx", (unsigned long long)alert->gpa);
	if (alert->rip != UNKNOWN)
		printf(", rip 0x%llx", (unsigned long long)alert->rip);
	if (alert->kind == KVMFAULT_ALERT_KIND_SLOW &&
	    alert->count != UNKNOWN && alert->count > 1)
		printf(", the slowest of %llu", (unsigned long long)alert->count);
	if (alert->dropped != UNKNOWN && alert->dropped)
		printf(", %llu alerts before it were dropped",
		       (unsigned long long)alert->dropped);
	putchar('\n');
}

static void tell_alert(struct monitor *monitor, const struct alert *alert)
{
	if (monitor->done ||
	    (monitor->filter != UNKNOWN && monitor->filter != alert->vm))
		return;
	if (monitor->options->json) {
		tell_json(monitor, alert_json(alert));
		return;
	}
	begin_line(monitor);
	print_alert(alert);
	ended(monitor);
}

static void heard_alert(struct monitor *monitor, const struct nlmsghdr *nlh)
{
	struct alert alert;

	model_decode_alert(nlh, &alert);
	tell_alert(monitor, &alert);
}

static struct json_object *setup_json(const char *event, uint64_t vm)
{
	struct json_object *json = json_object_new_object();

	json_text(json, "event", event);
	json_number(json, "vm", vm);
	return json;
}

static void heard_vcpu(struct monitor *monitor, const struct nlmsghdr *nlh)
{
	struct json_object *json;
	struct thread thread;

	model_decode_thread(nlh, &thread);
	if (monitor->filter != UNKNOWN && monitor->filter != thread.vm)
		return;
	if (monitor->options->json) {
		json = setup_json("vcpu-born", thread.vm);
		json_number(json, "vcpu", thread.vcpu);
		tell_json(monitor, json);
		return;
	}
	begin_line(monitor);
	printf("vm %llu vcpu %llu born\n", (unsigned long long)thread.vm,
	       (unsigned long long)thread.vcpu);
	ended(monitor);
}

static struct json_object *memslot_json(const struct memslot *memslot,
					const char *flags)
{
	struct json_object *json = setup_json("memslot", memslot->vm);

	json_word(json, "change", change_name(memslot->change));
	json_number(json, "as", memslot->as);
	json_number(json, "slot", memslot->slot);
	json_number(json, "gpa", memslot->gpa);
	json_number(json, "hva", memslot->hva);
	json_number(json, "pages", memslot->pages);
	json_word(json, "flags", flags);
	return json;
}

static void heard_memslot(struct monitor *monitor, const struct nlmsghdr *nlh)
{
	struct memslot memslot;
	char text[TEXT];
	const char *flags;

	model_decode_memslot(nlh, &memslot);
	flags = memslot_flags(text, &memslot);
	if (monitor->filter != UNKNOWN && monitor->filter != memslot.vm)
		return;
	if (monitor->options->json) {
		tell_json(monitor, memslot_json(&memslot, flags));
		return;
	}
	begin_line(monitor);
	printf("vm %llu memslot %llu of %llu %s: gpa 0x%llx hva 0x%llx %llu pages %s\n",
	       (unsigned long long)memslot.vm, (unsigned long long)memslot.slot,
	       (unsigned long long)memslot.as, change_name(memslot.change),
	       (unsigned long long)memslot.gpa, (unsigned long long)memslot.hva,
	       (unsigned long long)memslot.pages, flags);
	ended(monitor);
}

static bool heard(const struct nlmsghdr *nlh, void *arg)
{
	struct monitor *monitor = arg;

	switch (nl_command(nlh)) {
	case KVMFAULT_CMD_VM_BORN_NTF:
		heard_vm(monitor, nlh, true);
		break;
	case KVMFAULT_CMD_VM_DIED_NTF:
		heard_vm(monitor, nlh, false);
		break;
	case KVMFAULT_CMD_ALERT_NTF:
		heard_alert(monitor, nlh);
		break;
	case KVMFAULT_CMD_VCPU_BORN_NTF:
		heard_vcpu(monitor, nlh);
		break;
	case KVMFAULT_CMD_MEMSLOT_CHANGED_NTF:
		heard_memslot(monitor, nlh);
		break;
	}
	return !monitor->done;
}

static void tell_lost(struct monitor *monitor)
{
	struct json_object *json;

	if (!monitor->options->json) {
		begin_line(monitor);
		puts("notifications were lost: looking again");
		ended(monitor);
		return;
	}
	json = json_object_new_object();
	json_text(json, "event", "lost");
	tell_json(monitor, json);
}

static void resync_vms(struct monitor *monitor)
{
	struct rows now;
	struct vm *vm;

	model_vms(monitor->ask, &now);
	rows_for_each(vm, &monitor->vms)
		if (!model_find_vm(&now, vm->id))
			tell_vm(monitor, vm, "died unheard");
	rows_for_each(vm, &now)
		if (!model_find_vm(&monitor->vms, vm->id))
			tell_vm(monitor, vm, "born unheard");
	rows_free(&monitor->vms);
	monitor->vms = now;
}

/* It may have been told before: that is not known here. */
static void resync_stuck(struct monitor *monitor)
{
	const struct wanted wanted = { monitor->filter, UNKNOWN };
	const struct stuck *stuck;
	struct rows stucks;

	model_stucks(monitor->ask, &stucks, &wanted);
	rows_for_each(stuck, &stucks) {
		const struct alert alert = {
			.kind = stuck->kind,
			.vm = stuck->vm,
			.vcpu = stuck->vcpu,
			.class = UNKNOWN,
			.gpa = stuck->gpa,
			.rip = stuck->rip,
			.outcome = stuck->outcome,
			.start_ns = UNKNOWN,
			.duration_ns = stuck->for_ns,
			.count = stuck->faults,
			.dropped = UNKNOWN,
		};

		tell_alert(monitor, &alert);
	}
	rows_free(&stucks);
}

static void resync(struct monitor *monitor)
{
	tell_lost(monitor);
	if (monitor->hears_vms)
		resync_vms(monitor);
	if (monitor->hears_alerts)
		resync_stuck(monitor);
}

static void join(struct nl *nl, struct monitor *monitor)
{
	const struct options *options = monitor->options;
	int i;

	if (!options->argc) {
		monitor->hears_vms = true;
		monitor->hears_alerts = true;
	}
	for (i = 0; i < options->argc; i++) {
		if (!strcmp(options->argv[i], "vm"))
			monitor->hears_vms = true;
		else if (!strcmp(options->argv[i], "alert"))
			monitor->hears_alerts = true;
		else if (!strcmp(options->argv[i], "setup"))
			nl_join(nl, NL_GROUP_SETUP);
		else
			die(EXIT_USAGE, "monitor listens to vm, alert and setup, not to '%s'",
			    options->argv[i]);
	}
	if (monitor->hears_vms)
		nl_join(nl, NL_GROUP_VM);
	if (monitor->hears_alerts)
		nl_join(nl, NL_GROUP_ALERT);
}

void monitor_command(struct nl *nl, const struct options *options)
{
	struct monitor monitor = {
		.options = options,
		.filter = UNKNOWN,
		.left = options->count,
	};

	/* Listen first, so that nothing is between the list and the news. */
	join(nl, &monitor);
	monitor.ask = nl_open();
	if (options->vm) {
		pick_living(monitor.ask, &monitor.vms, options->vm);
		if (monitor.vms.nr > 1)
			die(EXIT_USAGE, "'%s' is several VMs: name one by its number",
			    options->vm);
		monitor.filter = ((struct vm *)monitor.vms.row)->id;
		rows_free(&monitor.vms);
	}
	if (monitor.hears_vms)
		model_vms(monitor.ask, &monitor.vms);

	while (!monitor.done)
		if (!nl_listen(nl, heard, &monitor) && !monitor.done)
			resync(&monitor);
	rows_free(&monitor.vms);
	nl_close(monitor.ask);
}
