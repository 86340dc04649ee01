/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The attach points and their life
 */
#ifndef KVMFAULT_PROBE_H
#define KVMFAULT_PROBE_H

#include <linux/kprobes.h>

#include "account.h"
#include "fault.h"
#include "paging.h"

/**
 * enum kvmfault_probe_state - what has become of an attach point
 * @KVMFAULT_PROBE_UNUSED: it is of the other vendor, or for another paging
 * @KVMFAULT_PROBE_WAITING: the module with its symbol is not loaded
 * @KVMFAULT_PROBE_ARMED: a probe is in place
 * @KVMFAULT_PROBE_UNAVAILABLE: no probe can be placed
 * @KVMFAULT_PROBE_BYPASSED: armed, but the function is called past it
 * @KVMFAULT_PROBE_DONE: it has seen what it was for
 * @KVMFAULT_PROBE_DISABLED: nobody wants a probe there, until it is enabled
 */
enum kvmfault_probe_state {
	KVMFAULT_PROBE_UNUSED,
	KVMFAULT_PROBE_WAITING,
	KVMFAULT_PROBE_ARMED,
	KVMFAULT_PROBE_UNAVAILABLE,
	KVMFAULT_PROBE_BYPASSED,
	KVMFAULT_PROBE_DONE,
	KVMFAULT_PROBE_DISABLED
};

/**
 * struct kvmfault_point - an attach point
 * @id: its place in the table
 * @name: the function as the source calls it
 * @module: the module that has the symbol
 * @builtin: whether that is part of the kernel itself
 * @vendor: the CPU feature without which the point is of no use, or 0
 * @unused: nor is it on this kernel
 * @paging: when it is called
 * @always: the CPU feature with which it is called with any paging, or 0
 * @symbols: the function, by the names compilers give it, the best first
 * @what: what is not seen without a probe; NULL if the point is nobody's
 *	business
 * @in_flight: a fraction (a divisor) of maxactive that is enough here, or 0
 *	where nobody waits for a call's end
 * @state: protected by the locks of probe.c, as all that follows
 * @symbol: the one in use
 * @engine: what it is armed with
 * @leaving: what it was armed with before, while calls that this has seen come
 *	in may still come out; NULL if there are none
 * @where: the same as the kernel looks it up, "module:symbol"
 * @missed_before: what earlier probes at this point have missed
 * @hits_before: how many calls it had seen when it was to be proven anew
 * @warned: the log has it that the probe is bypassed
 * @kretprobe: for the kretprobe engine
 */
struct kvmfault_point {
	enum kvmfault_point_id id;
	const char *name;
	const char *module;
	bool builtin;
	unsigned int vendor;
	bool unused;
	enum kvmfault_paging paging;
	unsigned int always;
	const char *symbols[3];
	const char *what;
	unsigned int in_flight;

	enum kvmfault_probe_state state;
	const char *symbol;
	const struct kvmfault_engine *engine;
	const struct kvmfault_engine *leaving;
	char where[64];
	u64 missed_before;
	u64 hits_before;
	bool warned;
	struct kretprobe kretprobe;
};

/**
 * struct kvmfault_engine - a way to see a function being called and returning
 * @name: as the parameter and the files name it
 * @holds_module: its calls run through our text: while it is selected, and until
 *	its last call is over, the module stays
 * @fits: whether it can be used at a point at all; NULL if at any
 * @arm: place a probe on the function @point->where, or make it see calls again
 *	after @mute; 0 or an errno
 * @mute: see no new call, if that is not so already; those under way are seen to
 *	their end
 * @under_way: whether there are any, once there are no new ones
 * @settle: wait until whoever is on the way to the handlers, or in them, has come
 *	out, or is counted by @under_way; may sleep
 * @disarm: remove the probe, muted or not; unless its calls run through our text,
 *	those under way are seen no more
 * @forget: a probe that was removed, and what it has missed: returns what @missed would
 * @missed: how many calls it could not see since it was placed
 * @bytes: the memory it takes
 */
struct kvmfault_engine {
	const char *name;
	bool holds_module;
	bool (*fits)(const struct kvmfault_point *point);
	int (*arm)(struct kvmfault_point *point);
	void (*mute)(struct kvmfault_point *point);
	bool (*under_way)(const struct kvmfault_point *point);
	void (*settle)(void);
	void (*disarm)(struct kvmfault_point *point);
	u64 (*forget)(struct kvmfault_point *point);
	u64 (*missed)(const struct kvmfault_point *point);
	size_t (*bytes)(const struct kvmfault_point *point);
};

extern const struct kvmfault_engine kvmfault_engine_kretprobe;
extern const struct kvmfault_engine kvmfault_engine_direct;

/**
 * struct kvmfault_probe_row - an attach point as readers see it
 * @name: what is probed, the same on every kernel
 * @symbol: the function in use, "-" if there is none
 * @engine: the name of the engine
 * @state: what has become of it
 * @hits: calls that were counted
 * @missed: calls that were not
 */
struct kvmfault_probe_row {
	const char *name;
	const char *symbol;
	const char *engine;
	enum kvmfault_probe_state state;
	u64 hits;
	u64 missed;
};

/**
 * struct kvmfault_missed - calls of probed functions that are in no count
 * @all: together
 * @lost: those that a probe saw
 * @unseen: those of attach points that no probe saw
 */
struct kvmfault_missed {
	u64 all;
	u64 lost[KVMFAULT_LOSSES];
	u64 unseen;
};

int kvmfault_probe_init(const struct kvmfault_engine *engine,
			unsigned int maxactive, bool plain_symbols);
void kvmfault_probe_exit(void);
int kvmfault_probe_hand_over(const struct kvmfault_engine *with);
bool kvmfault_probe_drained(void);
void kvmfault_probe_leave(void);
void kvmfault_probe_settle(void);
void kvmfault_probe_review(void);

bool kvmfault_probe_row(enum kvmfault_point_id id,
			struct kvmfault_probe_row *row);
bool kvmfault_probe_find(const char *name, enum kvmfault_point_id *id);
int kvmfault_probe_enable(enum kvmfault_point_id id);
void kvmfault_probe_disable(enum kvmfault_point_id id);
void kvmfault_probe_missed(struct kvmfault_missed *missed);
const char *kvmfault_probe_engine(void);
unsigned int kvmfault_probe_maxactive(void);
const char *kvmfault_probe_state_name(enum kvmfault_probe_state state);
unsigned int kvmfault_probe_nr(unsigned int *armed);
size_t kvmfault_probe_bytes(void);

unsigned int kvmfault_probe_generation(void);

/* For whoever places probes. */
void kvmfault_probe_changed(void);
unsigned int kvmfault_probe_in_flight(unsigned int in_flight);
bool kvmfault_probe_module_is_loaded(const char *name);
void kvmfault_probe_where(char *where, size_t size, const char *module,
			  const char *symbol);

#endif /* KVMFAULT_PROBE_H */
