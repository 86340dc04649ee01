/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands, and what they share
 */
#ifndef KVMFAULT_COMMAND_H
#define KVMFAULT_COMMAND_H

#include "model.h"
#include "options.h"
#include "table.h"

void busiest_command(struct nl *nl, const struct options *options);
void vms_command(struct nl *nl, const struct options *options);
void vcpus_command(struct nl *nl, const struct options *options);
void latency_command(struct nl *nl, const struct options *options);
void histogram_command(struct nl *nl, const struct options *options);
void faults_command(struct nl *nl, const struct options *options);
void follow_command(struct nl *nl, const struct options *options);
void shadow_command(struct nl *nl, const struct options *options);
void hot_command(struct nl *nl, const struct options *options);
void stages_command(struct nl *nl, const struct options *options);
void tree_command(struct nl *nl, const struct options *options);
void causes_command(struct nl *nl, const struct options *options);
void stuck_command(struct nl *nl, const struct options *options);
void setup_command(struct nl *nl, const struct options *options);
void memslots_command(struct nl *nl, const struct options *options);
void threads_command(struct nl *nl, const struct options *options);
void translate_command(struct nl *nl, const struct options *options);
void async_command(struct nl *nl, const struct options *options);
void recent_command(struct nl *nl, const struct options *options);
void probes_command(struct nl *nl, const struct options *options);
void show_command(struct nl *nl, const struct options *options);
void top_command(struct nl *nl, const struct options *options);
void monitor_command(struct nl *nl, const struct options *options);
void export_command(struct nl *nl, const struct options *options);
void set_command(struct nl *nl, const struct options *options);
void reset_command(struct nl *nl, const struct options *options);
void enable_command(struct nl *nl, const struct options *options);
void disable_command(struct nl *nl, const struct options *options);

/* pick.c: which VMs */
void pick_keep(struct rows *vms, const char *words);
void pick_vms(struct nl *nl, struct rows *vms, const char *words);
void pick_living(struct nl *nl, struct rows *vms, const char *words);
void pick(struct nl *nl, struct rows *vms, struct wanted *wanted,
	  const struct options *options);
void pick_word(struct nl *nl, struct rows *vms, struct wanted *wanted,
	       const struct options *options);
bool picked(const struct rows *vms, uint64_t id);

/* watch.c: now, or again and again */

/**
 * struct watch - a report
 * @take: one look
 * @print: what it shows; @before is NULL and @seconds 0 for a single look
 */
struct watch {
	void (*take)(struct nl *nl, struct rows *rows,
		     const struct options *options);
	void (*print)(const struct rows *now, const struct rows *before,
		      double seconds, const struct options *options);
};

void watch(struct nl *nl, const struct watch *watch,
	   const struct options *options);
double watch_now(void);

/* A difference per second; below 0 if it is not known. */
double rate_of(uint64_t now, uint64_t before, double seconds);

/* setup.c; @flags has TEXT bytes */
const char *memslot_flags(char *flags, const struct memslot *memslot);
/* stages.c */
void stages_check_on(struct nl *nl);

/* vms.c */
void vms_take(struct nl *nl, struct rows *vms, bool histograms);
void vms_since(struct rows *since, const struct rows *now,
	       const struct rows *before);

#endif /* KVMFAULT_COMMAND_H */
