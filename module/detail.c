// SPDX-License-Identifier: GPL-2.0
/*
 * What is kept of faults beside counts, and costs: off unless somebody wants it
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>

#include "detail.h"
#include "hot.h"
#include "look.h"
#include "recent.h"
#include "settle.h"
#include "stages.h"
#include "vm.h"

static struct kvmfault_detail *const details[] = {
	&kvmfault_recent_detail,
	&kvmfault_hot_detail,
	&kvmfault_stages_detail,
};

/* One switch at a time, and none but while the module is loaded. */
static DEFINE_MUTEX(switch_lock);
static bool loaded;

/* Who reads finds its rows, or none: for dumps that is a change. */
static void detail_show(struct kvmfault_detail *detail, bool on)
{
	mutex_lock(&kvmfault_settle_lock);
	WRITE_ONCE(detail->on, on);
	kvmfault_vm_changed();
	mutex_unlock(&kvmfault_settle_lock);
}

static int detail_begin(struct kvmfault_detail *detail)
{
	int ret = detail->begin();

	if (ret) {
		pr_err("%s stays off: there is no memory for it\n", detail->name);
		return ret;
	}
	kvmfault_look_begin(detail->look);
	detail_show(detail, true);
	return 0;
}

static void detail_end(struct kvmfault_detail *detail)
{
	detail_show(detail, false);
	kvmfault_look_end(detail->look);
	/* Handlers that have not heard of it. */
	synchronize_rcu();
	detail->end();
}

static int detail_turn(struct kvmfault_detail *detail, bool on)
{
	if (on && !detail->on)
		return detail_begin(detail);
	if (!on && detail->on)
		detail_end(detail);
	return 0;
}

/**
 * kvmfault_detail_switch() - switch something on or off
 * @detail: what
 * @on: on or off; until the module is loaded, what to do then
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_detail_switch(struct kvmfault_detail *detail, bool on)
{
	int ret = 0;

	mutex_lock(&switch_lock);
	if (loaded)
		ret = detail_turn(detail, on);
	else
		detail->wanted = on;
	mutex_unlock(&switch_lock);
	return ret;
}

/**
 * kvmfault_detail_is_on() - is it?
 * @detail: what
 */
bool kvmfault_detail_is_on(const struct kvmfault_detail *detail)
{
	return READ_ONCE(detail->on);
}

/**
 * kvmfault_detail_init() - switch on what is wanted
 *
 * Return: 0 or -ENOMEM.
 */
int kvmfault_detail_init(void)
{
	unsigned int i;
	int ret = 0;

	mutex_lock(&switch_lock);
	for (i = 0; i < ARRAY_SIZE(details) && !ret; i++)
		ret = detail_turn(details[i], details[i]->wanted);
	loaded = !ret;
	mutex_unlock(&switch_lock);
	if (ret)
		kvmfault_detail_exit();
	return ret;
}

/**
 * kvmfault_detail_exit() - switch everything off, for good
 */
void kvmfault_detail_exit(void)
{
	unsigned int i;

	mutex_lock(&switch_lock);
	loaded = false;
	for (i = 0; i < ARRAY_SIZE(details); i++)
		detail_turn(details[i], false);
	mutex_unlock(&switch_lock);
}
