// SPDX-License-Identifier: GPL-2.0
/* kvmfault set, reset, enable, disable: all that changes something */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "die.h"
#include "figure.h"

#define NS_PER_MS	1000000

static const struct column reset_columns[] = {
	{ "class", "until now", COLUMN_TEXT, false },
	{ "count", NULL, COLUMN_NUMBER, false },
	{ "sum_ns", "time", COLUMN_TIME, false },
	{ "p50_ns", "p50", COLUMN_TIME, false },
	{ "p99_ns", "p99", COLUMN_TIME, false },
	{ "max_ns", "max", COLUMN_TIME, false },
	{ NULL, NULL, COLUMN_TEXT, false },
};

static void print_time(const char *what, uint64_t ns)
{
	char text[FIGURE];

	printf("%-15s %s\n", what, ns ? figure_time(text, ns) : "off");
}

static void print_switch(const char *what, uint64_t on)
{
	if (on != UNKNOWN)
		printf("%-15s %s\n", what, on ? "on" : "off");
}

static void print_number(const char *what, uint64_t number)
{
	if (number)
		printf("%-15s %llu\n", what, (unsigned long long)number);
	else
		printf("%-15s off\n", what);
}

/* Of which VM alone, if not of all. */
static bool of_one_vm(const struct settings *settings)
{
	return settings->stages_vm && settings->stages_vm != UNKNOWN;
}

static void print_stages(const struct settings *settings)
{
	if (settings->stages == 1 && of_one_vm(settings))
		printf("%-15s on, of vm %llu alone\n", "stages",
		       (unsigned long long)settings->stages_vm);
	else
		print_switch("stages", settings->stages);
}

static void print_settings(const struct settings *settings)
{
	if (settings->alert_ns != UNKNOWN)
		print_time("alert", settings->alert_ns);
	if (settings->alert_interval_ms != UNKNOWN)
		print_time("alert-interval",
			   settings->alert_interval_ms * NS_PER_MS);
	print_switch("recent", settings->recent);
	print_switch("hot", settings->hot);
	print_stages(settings);
	if (settings->stuck_ms != UNKNOWN)
		print_time("stuck-after", settings->stuck_ms * NS_PER_MS);
	if (settings->stuck_repeats != UNKNOWN)
		print_number("stuck-repeats", settings->stuck_repeats);
	printf("%-15s %s", "engine", settings->engine);
	if (*settings->leaving)
		printf(", calls are under way in %s", settings->leaving);
	puts("\nand when the module is loaded:");
	printf("%-15s %llu\n", "maxactive",
	       (unsigned long long)settings->maxactive);
	printf("%-15s %llu\n", "slots", (unsigned long long)settings->slots);
	printf("%-15s %llu\n", "max_vms", (unsigned long long)settings->max_vms);
}

static void print_settings_json(const struct settings *settings,
				const struct options *options)
{
	struct json_object *json = json_object_new_object();

	json_number(json, "alert_ns", settings->alert_ns);
	json_number(json, "alert_interval_ms", settings->alert_interval_ms);
	json_text(json, "engine", settings->engine);
	if (*settings->leaving)
		json_text(json, "leaving", settings->leaving);
	json_number(json, "maxactive", settings->maxactive);
	json_number(json, "slots", settings->slots);
	json_number(json, "max_vms", settings->max_vms);
	json_number(json, "recent", settings->recent);
	json_number(json, "hot", settings->hot);
	json_number(json, "stages", settings->stages);
	if (of_one_vm(settings))
		json_number(json, "stages_vm", settings->stages_vm);
	json_number(json, "stuck_ms", settings->stuck_ms);
	json_number(json, "stuck_repeats", settings->stuck_repeats);
	json_print(json, options);
}

static void show_settings(struct nl *nl, const struct options *options)
{
	struct settings settings;

	model_settings(nl, &settings);
	if (options->json)
		print_settings_json(&settings, options);
	else
		print_settings(&settings);
}

static uint64_t read_time(const char *name, const char *text)
{
	uint64_t ns;

	if (!strcmp(text, "off"))
		return 0;
	if (figure_read_time(&ns, text))
		die(EXIT_USAGE,
		    "%s takes a time with its unit, as 500us, 5ms or 1s, and not '%s'",
		    name, text);
	return ns;
}

static uint32_t read_whole_ms(const char *name, const char *text)
{
	uint64_t ns = read_time(name, text);

	if (ns % NS_PER_MS)
		die(EXIT_USAGE, "%s takes whole milliseconds", name);
	if (ns / NS_PER_MS > UINT32_MAX)
		die(EXIT_USAGE, "%s takes no more than %u milliseconds", name,
		    UINT32_MAX);
	return ns / NS_PER_MS;
}

static uint32_t read_switch(const char *name, const char *text)
{
	if (strcmp(text, "on") && strcmp(text, "off"))
		die(EXIT_USAGE, "%s is on or off, and not '%s'", name, text);
	return !strcmp(text, "on");
}

static uint32_t read_number(const char *name, const char *text)
{
	unsigned long number;
	char *end;

	if (!strcmp(text, "off"))
		return 0;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || number > UINT32_MAX)
		die(EXIT_USAGE, "%s takes a number, and not '%s'", name, text);
	return number;
}

static void put_setting(struct nl *nl, struct nlmsghdr *nlh, const char *name,
			const char *text)
{
	if (!strcmp(name, "alert"))
		mnl_attr_put_u64(nlh, KVMFAULT_A_SETTINGS_ALERT_NS,
				 read_time(name, text));
	else if (!strcmp(name, "alert-interval"))
		mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS,
				 read_whole_ms(name, text));
	else if (!strcmp(name, "engine"))
		nl_put_text(nl, nlh, KVMFAULT_A_SETTINGS_ENGINE, text);
	else if (!strcmp(name, "recent"))
		mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_RECENT,
				 read_switch(name, text));
	else if (!strcmp(name, "hot"))
		mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_HOT,
				 read_switch(name, text));
	else if (!strcmp(name, "stages"))
		mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_STAGES,
				 read_switch(name, text));
	else if (!strcmp(name, "stuck-after"))
		mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_STUCK_MS,
				 read_whole_ms(name, text));
	else if (!strcmp(name, "stuck-repeats"))
		mnl_attr_put_u32(nlh, KVMFAULT_A_SETTINGS_STUCK_REPEATS,
				 read_number(name, text));
	else
		die(EXIT_USAGE,
		    "there is no setting '%s': alert, alert-interval, engine, recent, hot, stages, stuck-after and stuck-repeats can be set",
		    name);
}

static const char *setting_name(uint16_t attribute)
{
	switch (attribute) {
	case KVMFAULT_A_SETTINGS_ALERT_NS:
		return "alert";
	case KVMFAULT_A_SETTINGS_ALERT_INTERVAL_MS:
		return "alert-interval";
	case KVMFAULT_A_SETTINGS_RECENT:
		return "recent";
	case KVMFAULT_A_SETTINGS_HOT:
		return "hot";
	case KVMFAULT_A_SETTINGS_STAGES:
		return "stages";
	case KVMFAULT_A_SETTINGS_ENGINE:
		return "engine";
	case KVMFAULT_A_SETTINGS_STUCK_MS:
		return "stuck-after";
	case KVMFAULT_A_SETTINGS_STUCK_REPEATS:
		return "stuck-repeats";
	}
	return NULL;
}

void set_command(struct nl *nl, const struct options *options)
{
	struct nlmsghdr *nlh;
	int i;

	if (!options->argc) {
		show_settings(nl, options);
		return;
	}
	if (options->argc % 2)
		die(EXIT_USAGE, "set takes names and values: set alert 5ms");

	/* All or none: one request. */
	nlh = nl_request(nl, KVMFAULT_CMD_SETTINGS_SET);
	for (i = 0; i < options->argc; i += 2)
		put_setting(nl, nlh, options->argv[i], options->argv[i + 1]);
	nl_change(nl, nlh, setting_name);
}

void reset_command(struct nl *nl, const struct options *options)
{
	struct total total[CLASSES];
	struct table *table;
	unsigned int class;

	model_reset(nl, total);
	table = table_new(reset_columns, options);
	for (class = 0; class < CLASSES; class++) {
		if (!total_is_there(&total[class]))
			continue;
		table_word(table, class_name(class));
		table_number(table, total[class].count);
		table_number(table, total[class].sum_ns);
		table_number(table, total[class].p50_ns);
		table_number(table, total[class].p99_ns);
		table_number(table, total[class].max_ns);
	}
	table_print(table);
}

static void switch_probes(struct nl *nl, const struct options *options,
			  unsigned int enabled)
{
	struct nlmsghdr *nlh;
	int i;

	for (i = 0; i < options->argc; i++) {
		nlh = nl_request(nl, KVMFAULT_CMD_PROBE_SET);
		nl_put_text(nl, nlh, KVMFAULT_A_PROBE_NAME, options->argv[i]);
		mnl_attr_put_u32(nlh, KVMFAULT_A_PROBE_ENABLED, enabled);
		nl_change(nl, nlh, NULL);
	}
}

void enable_command(struct nl *nl, const struct options *options)
{
	switch_probes(nl, options, 1);
}

void disable_command(struct nl *nl, const struct options *options)
{
	switch_probes(nl, options, 0);
}
