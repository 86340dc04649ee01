// SPDX-License-Identifier: GPL-2.0
/*
 * Which engine is in use, and how another takes over
 *
 * Switching is over at once for all calls that begin; those under way in the
 * engine that is left come to their end there, which may take as long as a
 * fault can sleep. Nobody has to wait for that: work looks after it now and
 * then, removes what was left, and lets go of our module if it was held for
 * that engine. Who wants to unload the module can wait, and be interrupted.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/wait.h>

#include <compat/workqueue.h>

#include "handover.h"
#include "switch.h"

/* How long to sit still before looking again: from, to. */
#define LOOK_SOON	msecs_to_jiffies(20)
#define LOOK_LATER	msecs_to_jiffies(1000)

DEFINE_STATIC_KEY_FALSE(kvmfault_handover_key);
u64 kvmfault_handover_secrets[KVMFAULT_POINTS] __read_mostly;

static const struct kvmfault_engine *const engines[] = {
	&kvmfault_engine_kretprobe,
	&kvmfault_engine_direct,
};

/* Protects the choice, and all that follows. Taken before the points' lock. */
static DEFINE_MUTEX(switch_lock);

static const struct kvmfault_engine *selected;

/* Calls of it may be under way where it is not in use any more, or NULL. */
static const struct kvmfault_engine *leaving;

/* Counts changes, so that who looks without the lock can see that one came. */
static unsigned int changes;

/* Our own module is. */
static bool held;

static DECLARE_WAIT_QUEUE_HEAD(left);
static unsigned long look_after;

static int module_hold(const struct kvmfault_engine *with)
{
	if (held || !with->holds_module)
		return 0;
	/* On the way out there is nothing to be held any more. */
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	held = true;
	return 0;
}

static void module_let_go(void)
{
	if (!held || selected->holds_module)
		return;
	held = false;
	module_put(THIS_MODULE);
}

static void leave_end(void)
{
	kvmfault_probe_leave();
	static_branch_disable(&kvmfault_handover_key);
	WRITE_ONCE(leaving, NULL);
	module_let_go();
	wake_up_all(&left);
}

/* Looking takes its time, and must not keep anybody from changing his mind. */
static bool leave_try(void)
{
	unsigned int before = READ_ONCE(changes);
	bool done;

	if (!kvmfault_probe_drained())
		return false;

	mutex_lock(&switch_lock);
	done = before == changes;
	if (done)
		leave_end();
	mutex_unlock(&switch_lock);
	return done;
}

static void leave_look(struct work_struct *work)
{
	unsigned long after = READ_ONCE(look_after);

	if (leave_try())
		return;
	WRITE_ONCE(look_after, min(2 * after, LOOK_LATER));
	kvmfault_work_after(to_delayed_work(work), after);
}

static DECLARE_DELAYED_WORK(leave_work, leave_look);

static void leave_begin(const struct kvmfault_engine *which)
{
	WRITE_ONCE(leaving, which);
	/* Who waits for the one before may find that nobody holds the module for it. */
	wake_up_all(&left);
	WRITE_ONCE(look_after, LOOK_SOON);
	kvmfault_work_now(&leave_work);
}

static const struct kvmfault_engine *
other_than(const struct kvmfault_engine *engine)
{
	return engine == engines[0] ? engines[1] : engines[0];
}

static int engine_change(const struct kvmfault_engine *with)
{
	int ret = module_hold(with);

	if (ret)
		return ret;

	static_branch_enable(&kvmfault_handover_key);
	ret = kvmfault_probe_hand_over(with);
	/* Only now: who has looked before has seen half of it. */
	WRITE_ONCE(changes, changes + 1);
	if (!ret)
		selected = with;
	/* Even if nothing was handed over: then this is over soon. */
	leave_begin(other_than(with));
	return ret;
}

/**
 * kvmfault_switch() - see faults in another way from now on
 * @with: the engine to use
 *
 * A call that begins from now on is counted by the one engine or the other, and
 * so is one that is under way. To ask for an engine that is in use already is to
 * try again at those points where it could not be used.
 *
 * Return: 0; or an errno, and the choice is as it was.
 */
int kvmfault_switch(const struct kvmfault_engine *with)
{
	int ret;

	/* Who asks by netlink is given no answer with EINTR: he who dies needs none. */
	ret = mutex_lock_killable(&switch_lock);
	if (ret)
		return ret;
	/* What works everywhere is in use everywhere. */
	if (with != selected || with->holds_module)
		ret = engine_change(with);
	mutex_unlock(&switch_lock);
	return ret;
}

static bool module_is_kept(void)
{
	const struct kvmfault_engine *engine = READ_ONCE(leaving);

	return engine && engine->holds_module;
}

/**
 * kvmfault_switch_wait() - wait until our module is not held for calls under way
 *
 * Return: 0, or -EINTR if a signal came before.
 */
int kvmfault_switch_wait(void)
{
	if (!wait_event_interruptible(left, !module_is_kept()))
		return 0;
	pr_info("the %s engine is left, but calls are under way in it: the module can be unloaded when they have ended\n",
		kvmfault_engine_direct.name);
	return -EINTR;
}

/**
 * kvmfault_switch_leaving() - the name of the engine in use before
 *
 * Return: NULL if no call can be under way in it any more.
 */
const char *kvmfault_switch_leaving(void)
{
	const struct kvmfault_engine *engine = READ_ONCE(leaving);

	return engine ? engine->name : NULL;
}

/**
 * kvmfault_switch_find() - an engine by its name
 * @name: with or without a line feed
 *
 * Return: NULL if there is none.
 */
const struct kvmfault_engine *kvmfault_switch_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(engines); i++)
		if (sysfs_streq(engines[i]->name, name))
			return engines[i];
	return NULL;
}

/**
 * kvmfault_switch_init() - make ready for an engine
 * @with: the engine that the points will be armed with
 *
 * Return: 0 or an errno.
 */
int kvmfault_switch_init(const struct kvmfault_engine *with)
{
	get_random_bytes(kvmfault_handover_secrets,
			 sizeof(kvmfault_handover_secrets));
	selected = with;
	return module_hold(with);
}

/**
 * kvmfault_switch_exit() - wait until no call runs through our text
 *
 * Nothing is probed any more. When the module is unloaded nothing is left to
 * wait for; when it could not be loaded, there may be, and for ever where ftrace
 * could not remove a call: that is better than what it would call then.
 */
void kvmfault_switch_exit(void)
{
	cancel_delayed_work_sync(&leave_work);
	if (!held)
		return;
	while (!kvmfault_probe_drained())
		msleep(20);
	held = false;
	module_put(THIS_MODULE);
}
