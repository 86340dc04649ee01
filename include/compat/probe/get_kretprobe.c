// SPDX-License-Identifier: GPL-2.0
/* 5.15: an instance is asked for its kretprobe, it no longer has it. */
#include <linux/kprobes.h>

struct kretprobe *probe(struct kretprobe_instance *instance);
struct kretprobe *probe(struct kretprobe_instance *instance)
{
	return get_kretprobe(instance);
}
