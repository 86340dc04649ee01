/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Direct calls of ftrace, as kernels differ in them
 */
#ifndef KVMFAULT_COMPAT_FTRACE_H
#define KVMFAULT_COMPAT_FTRACE_H

#include <compat/config.h>

#if defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS) && \
	defined(CONFIG_HAVE_STATIC_CALL) && defined(HAVE_STATIC_CALL) && \
	(defined(HAVE_DIRECT_OPS) || defined(HAVE_DIRECT_IP))
#define KVMFAULT_HAVE_DIRECT
#endif

#ifndef __ASSEMBLER__

#include <linux/ftrace.h>
#include <linux/string.h>

/**
 * struct kvmfault_direct_call - a direct call, by whatever registers it
 * @ops: where that is an ftrace_ops
 * @location: of the call that is patched
 */
struct kvmfault_direct_call {
	struct ftrace_ops ops;
	unsigned long location;
};

#ifdef KVMFAULT_HAVE_DIRECT

#ifdef HAVE_DIRECT_OPS

static inline int kvmfault_direct_register(struct kvmfault_direct_call *call,
					   unsigned long location,
					   unsigned long to)
{
	int ret;

	/* What an earlier life has left in it would be refused with EINVAL. */
	memset(call, 0, sizeof(*call));
	call->location = location;
	ret = ftrace_set_filter_ip(&call->ops, location, 0, 0);
	if (ret)
		return ret;

	ret = register_ftrace_direct(&call->ops, to);
	if (ret)
		ftrace_free_filter(&call->ops);
	return ret;
}

static inline int kvmfault_direct_unregister(struct kvmfault_direct_call *call,
					     unsigned long to)
{
	return unregister_ftrace_direct(&call->ops, to, true);
}

#else /* HAVE_DIRECT_IP */

static inline int kvmfault_direct_register(struct kvmfault_direct_call *call,
					   unsigned long location,
					   unsigned long to)
{
	call->location = location;
	return register_ftrace_direct(location, to);
}

static inline int kvmfault_direct_unregister(struct kvmfault_direct_call *call,
					     unsigned long to)
{
	return unregister_ftrace_direct(call->location, to);
}

#endif

#endif /* KVMFAULT_HAVE_DIRECT */

#endif /* !__ASSEMBLER__ */

#endif /* KVMFAULT_COMPAT_FTRACE_H */
