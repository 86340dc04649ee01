// SPDX-License-Identifier: GPL-2.0
/*
 * kvmfault tree: the stages of tdp faults, drawn as what they are part of
 *
 * Under a stage stand those that are part of it, and under the slow
 * get_user_pages what the host had to do there. What they leave of their stage is
 * a part of its own, so that the parts of each are all of it.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "figure.h"

#define DEEPEST		8
#define STAGES		(KVMFAULT_FAULT_STAGE_HELD_REST + 1)

/**
 * struct forest - what there is of one VM
 * @stage: its stages; @known says which the module told of
 * @known: a bit for each
 * @hosts: what the host had to do, of all VMs
 * @vm: the number of the VM
 */
struct forest {
	struct stage stage[STAGES];
	unsigned int known;
	const struct rows *hosts;
	uint64_t vm;
};

/* A line. */
struct node {
	const char *name;
	uint64_t count;
	uint64_t sum_ns;
	uint64_t p99_ns;
};

static uint64_t mean_of(const struct node *node)
{
	return node->count ? node->sum_ns / node->count : UNKNOWN;
}

static double share_of(const struct node *node, const struct forest *forest)
{
	uint64_t all = forest->stage[KVMFAULT_FAULT_STAGE_TDP].sum_ns;

	return all ? (double)node->sum_ns / all : 0;
}

static bool is_inner_rest(const struct stage *stage)
{
	return stage->stage == KVMFAULT_FAULT_STAGE_FAULTIN_REST ||
	       stage->stage == KVMFAULT_FAULT_STAGE_HELD_REST;
}

static struct node stage_node(const struct stage *stage)
{
	return (struct node){
		.name = is_inner_rest(stage) ? "rest" : stage_name(stage->stage),
		.count = stage->count,
		.sum_ns = stage->sum_ns,
		.p99_ns = stage->count ? stage->p99_ns : UNKNOWN,
	};
}

/**
 * struct branches - the nodes under one
 * @leaf: those that are no stages: causes
 * @nr_leaves: how many these are
 * @stage: those that are, before them
 * @nr_stages: how many these are
 */
struct branches {
	struct node leaf[KVMFAULT_HOST_CAUSE_USERFAULT + 1];
	unsigned int nr_leaves;
	const struct stage *stage[STAGES];
	unsigned int nr_stages;
};

static void branches_stages(struct branches *branches,
			    const struct forest *forest, uint64_t of)
{
	const struct stage *stage;
	unsigned int i;

	for (i = 0; i < STAGES; i++) {
		stage = &forest->stage[i];
		if (forest->known >> i & 1 && stage->of == of && stage->count)
			branches->stage[branches->nr_stages++] = stage;
	}
	/* A rest without other parts is what it is the rest of. */
	if (branches->nr_stages == 1 && is_inner_rest(branches->stage[0]))
		branches->nr_stages = 0;
}

static void branches_hosts(struct branches *branches,
			   const struct forest *forest)
{
	const struct host *host;

	rows_for_each(host, forest->hosts) {
		if (host->vm != forest->vm ||
		    branches->nr_leaves > KVMFAULT_HOST_CAUSE_USERFAULT)
			continue;
		branches->leaf[branches->nr_leaves++] = (struct node){
			.name = host_cause_name(host->cause),
			.count = host->count,
			.sum_ns = host->sum_ns,
			.p99_ns = host->p99_ns,
		};
	}
}

static struct branches branches_of(const struct forest *forest,
				   const struct stage *stage)
{
	struct branches branches = { .nr_leaves = 0, .nr_stages = 0 };

	branches_stages(&branches, forest, stage->stage);
	if (stage->stage == KVMFAULT_FAULT_STAGE_GUP_SLOW)
		branches_hosts(&branches, forest);
	return branches;
}

/* For eyes. */

static const char *figure_or_none(char *text, uint64_t ns)
{
	return ns == UNKNOWN ? "-" : figure_time(text, ns);
}

static void print_node(const struct node *node, const struct forest *forest,
		       const char *indent)
{
	char count[FIGURE], mean[FIGURE], share[FIGURE], p99[FIGURE];
	char name[4 * DEEPEST + TEXT];

	snprintf(name, sizeof(name), "%s%s", indent, node->name);
	printf("%-24s %8s %8s %6s %8s\n", name,
	       figure_count(count, node->count),
	       figure_or_none(mean, mean_of(node)),
	       figure_share(share, share_of(node, forest)),
	       figure_or_none(p99, node->p99_ns));
}

/* @indent: what stands before the names of this node's branches. */
static void print_stage(const struct forest *forest, const struct stage *stage,
			const char *before, const char *indent)
{
	struct branches branches = branches_of(forest, stage);
	unsigned int i, nr = branches.nr_stages + branches.nr_leaves;
	char branch[4 * DEEPEST], deeper[4 * DEEPEST];
	struct node node = stage_node(stage);

	print_node(&node, forest, before);
	if (strlen(indent) + 4 > sizeof(branch))
		return;
	for (i = 0; i < nr; i++) {
		snprintf(branch, sizeof(branch), "%.28s%s", indent,
			 i + 1 < nr ? "|- " : "`- ");
		snprintf(deeper, sizeof(deeper), "%.28s%s", indent,
			 i + 1 < nr ? "|  " : "   ");
		if (i < branches.nr_stages)
			print_stage(forest, branches.stage[i], branch, deeper);
		else
			print_node(&branches.leaf[i - branches.nr_stages],
				   forest, branch);
	}
}

static void print_unavailable(const struct forest *forest)
{
	const struct stage *stage;

	for (stage = forest->stage; stage < forest->stage + STAGES; stage++)
		if (forest->known >> stage->stage & 1 &&
		    stage->state == KVMFAULT_PROBE_STATUS_UNAVAILABLE)
			printf("%s is unavailable on this kernel: its time is in the rest of %s\n",
			       stage_name(stage->stage), stage_name(stage->of));
}

static void print(const struct forest *forest)
{
	const struct stage *tdp = &forest->stage[KVMFAULT_FAULT_STAGE_TDP];
	char name[FIGURE];

	snprintf(name, sizeof(name), "vm %llu",
		 (unsigned long long)forest->vm);
	printf("%-24s %8s %8s %6s %8s\n", name, "count", "mean", "share%", "p99");
	print_stage(forest, tdp, "", "");
	print_unavailable(forest);
}

/* As JSON. */

static struct json_object *node_json(const struct node *node,
				     const struct forest *forest)
{
	struct json_object *json = json_object_new_object();
	char share[FIGURE];

	json_word(json, "stage", node->name);
	json_number(json, "count", node->count);
	json_number(json, "sum_ns", node->sum_ns);
	json_number(json, "mean_ns", mean_of(node));
	snprintf(share, sizeof(share), "%.4f", share_of(node, forest));
	json_object_object_add(json, "share",
			       json_object_new_double_s(share_of(node, forest),
							share));
	json_number(json, "p99_ns", node->p99_ns);
	return json;
}

static struct json_object *stage_json(const struct forest *forest,
				      const struct stage *stage)
{
	struct branches branches = branches_of(forest, stage);
	struct json_object *array = json_object_new_array(), *json;
	struct node node = stage_node(stage);
	unsigned int i;

	json = node_json(&node, forest);
	for (i = 0; i < branches.nr_stages; i++)
		json_object_array_add(array,
				      stage_json(forest, branches.stage[i]));
	for (i = 0; i < branches.nr_leaves; i++)
		json_object_array_add(array,
				      node_json(&branches.leaf[i], forest));
	json_object_object_add(json, "parts", array);
	return json;
}

static struct json_object *unavailable_json(const struct forest *forest)
{
	struct json_object *array = json_object_new_array();
	const struct stage *stage;

	for (stage = forest->stage; stage < forest->stage + STAGES; stage++)
		if (forest->known >> stage->stage & 1 &&
		    stage->state == KVMFAULT_PROBE_STATUS_UNAVAILABLE)
			json_object_array_add(array,
					      json_object_new_string(stage_name(stage->stage)));
	return array;
}

static struct json_object *forest_json(const struct forest *forest)
{
	const struct stage *tdp = &forest->stage[KVMFAULT_FAULT_STAGE_TDP];
	struct json_object *json = json_object_new_object();

	json_number(json, "vm", forest->vm);
	json_word(json, "class", class_name(KVMFAULT_FAULT_CLASS_TDP));
	json_object_object_add(json, "tree", stage_json(forest, tdp));
	json_object_object_add(json, "unavailable", unavailable_json(forest));
	return json;
}

/* The stages of the VM of the row at @at; moves behind them. */
static bool forest_take(struct forest *forest, const struct rows *stages,
			const struct rows *hosts, size_t *at)
{
	const struct stage *stage = stages->row;

	if (*at == stages->nr)
		return false;
	memset(forest, 0, sizeof(*forest));
	forest->hosts = hosts;
	forest->vm = stage[*at].vm;
	for (; *at < stages->nr && stage[*at].vm == forest->vm; (*at)++) {
		/* A module of later times may tell of more. */
		if (stage[*at].stage >= STAGES)
			continue;
		forest->stage[stage[*at].stage] = stage[*at];
		forest->known |= 1U << stage[*at].stage;
	}
	return true;
}

static bool has_faults(const struct forest *forest)
{
	return forest->known & 1U << KVMFAULT_FAULT_STAGE_TDP &&
	       forest->stage[KVMFAULT_FAULT_STAGE_TDP].count;
}

void tree_command(struct nl *nl, const struct options *options)
{
	struct json_object *array = json_object_new_array();
	struct rows stages, hosts, vms;
	unsigned int printed = 0;
	struct wanted wanted;
	struct forest forest;
	size_t at = 0;

	stages_check_on(nl);
	pick_word(nl, &vms, &wanted, options);
	model_stages(nl, &stages, &wanted);
	model_hosts(nl, &hosts, &wanted);
	while (forest_take(&forest, &stages, &hosts, &at)) {
		if (!picked(&vms, forest.vm) || !has_faults(&forest))
			continue;
		if (options->json) {
			json_object_array_add(array, forest_json(&forest));
			continue;
		}
		if (printed++)
			putchar('\n');
		print(&forest);
	}
	if (options->json)
		json_print(array, options);
	else
		json_object_put(array);
	rows_free(&stages);
	rows_free(&hosts);
	rows_free(&vms);
}
