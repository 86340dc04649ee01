// SPDX-License-Identifier: GPL-2.0
/* kvmfault translate: where an address of a guest is in the host */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "command.h"
#include "die.h"
#include "figure.h"

/* A number with zeros before it is not octal. */
static int base_of(const char *text)
{
	return strncasecmp(text, "0x", 2) ? 10 : 16;
}

static uint64_t read_number(const char *what, const char *text, int base,
			    uint64_t most)
{
	uint64_t number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, base);
	if (errno || *end || *text < '0' || *text > '9' || number > most)
		die(EXIT_USAGE, "%s, not '%s'", what, text);
	return number;
}

static uint16_t kind(const struct options *options)
{
	if (options->gva)
		return KVMFAULT_A_TRANSLATION_GVA;
	return options->hva ? KVMFAULT_A_TRANSLATION_HVA :
			      KVMFAULT_A_TRANSLATION_GPA;
}

static struct json_object *json(const struct translation *t)
{
	struct json_object *json = json_object_new_object();

	json_number(json, "vm", t->vm);
	json_number(json, "vcpu", t->vcpu);
	json_number(json, "gva", t->gva);
	json_number(json, "guest_page", t->guest_page);
	json_number(json, "gpa", t->gpa);
	json_number(json, "as", t->as);
	json_number(json, "slot", t->slot);
	json_number(json, "offset", t->offset);
	json_word(json, "mapping", level_name(t->mapping));
	json_number(json, "hva", t->hva);
	json_word(json, "memory", memory_name(t->memory));
	json_number(json, "from", t->from);
	json_number(json, "to", t->to);
	json_number(json, "shared", t->shared);
	json_text(json, "file", t->file);
	json_word(json, "presence", presence_name(t->presence));
	json_word(json, "level", level_name(t->level));
	json_number(json, "pfn", t->pfn);
	json_number(json, "anonymous", t->anonymous);
	json_number(json, "special", t->special);
	json_number(json, "writable", t->writable);
	json_text(json, "why", t->why);
	return json;
}

static void print_memory(const struct translation *t)
{
	char file[4 * TEXT + 4];

	printf(", %s 0x%" PRIx64 "-0x%" PRIx64 "%s", memory_name(t->memory),
	       t->from, t->to, t->shared == 1 ? ", shared" : "");
	if (t->file[0]) {
		text_printable(file, sizeof(file), t->file);
		printf(", %s", file);
	}
}

static void print_page(const struct translation *t)
{
	printf("page %s", presence_name(t->presence));
	if (t->memory == KVMFAULT_MEMORY_KIND_GUEST_MEMFD)
		printf(" in guest-memfd");
	if (t->pfn != UNKNOWN)
		printf(", pfn 0x%" PRIx64 "%s%s%s%s%s", t->pfn,
		       t->level == UNKNOWN ? "" : ", ",
		       t->level == UNKNOWN ? "" : level_name(t->level),
		       t->anonymous == 1 ? ", anonymous" : "",
		       t->special == 1 ? ", special" : "",
		       t->writable == 0 ? ", not writable" : "");
	putchar('\n');
}

/* A line for each step, as far as there are any. */
static void print(const struct translation *t)
{
	if (t->gva != UNKNOWN)
		printf("gva  0x%" PRIx64 ", vcpu %" PRIu64 "\n", t->gva, t->vcpu);
	if (t->gpa != UNKNOWN) {
		printf("gpa  0x%" PRIx64, t->gpa);
		if (t->guest_page != UNKNOWN)
			printf(", guest page of %" PRIu64 " bytes", t->guest_page);
		if (t->mapping != UNKNOWN)
			printf(", mapped as %s", level_name(t->mapping));
		putchar('\n');
	}
	if (t->slot != UNKNOWN)
		printf("slot %" PRIu64 ", offset 0x%" PRIx64 "%s\n", t->slot,
		       t->offset,
		       t->as == 1 ? ", in system management mode" : "");
	if (t->hva != UNKNOWN) {
		printf("hva  0x%" PRIx64, t->hva);
		if (t->memory != UNKNOWN)
			print_memory(t);
		putchar('\n');
	}
	if (t->presence != UNKNOWN)
		print_page(t);
	if (t->why[0])
		printf("     %s\n", t->why);
}

void translate_command(struct nl *nl, const struct options *options)
{
	struct translation t = { .vcpu = UNKNOWN };
	uint64_t address;
	struct rows vms;

	address = read_number("an address is a number, hexadecimal after 0x",
			      options->argv[1], base_of(options->argv[1]),
			      UINT64_MAX);
	if (options->gva)
		t.vcpu = read_number("a vCPU is a number", options->gva, 10,
				     INT32_MAX);
	pick_vms(nl, &vms, options->argv[0]);
	if (vms.nr > 1)
		die(EXIT_USAGE, "'%s' are %zu VMs: say which by its number",
		    options->argv[0], vms.nr);
	t.vm = ((const struct vm *)vms.row)->id;
	rows_free(&vms);

	model_translate(nl, &t, kind(options), address);
	if (options->json)
		json_print(json(&t), options);
	else
		print(&t);
}
