// SPDX-License-Identifier: GPL-2.0
/*
 * The bare direct call: a function is called through one of ours that takes two
 * time stamps and does nothing with them
 *
 * See module/engine_direct.c for how it works. There is no way out of it while
 * calls are under way: nothing but the bench may run.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/objtool.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>
#include <asm/msr.h>

#include <compat/ftrace.h>

#define FUNCTIONS	3

static char *functions[FUNCTIONS];
static int nr_functions;
module_param_array(functions, charp, &nr_functions, 0444);
MODULE_PARM_DESC(functions, "violation, misconfig and tdp, as module:symbol");

static DEFINE_PER_CPU(u64, ticks);

typedef int exit_fn(unsigned long vcpu);
typedef int tdp_fn(unsigned long vcpu, unsigned long a1, unsigned long a2,
		   unsigned long a3);

static int no_exit(unsigned long vcpu)
{
	return -EIO;
}

static int no_tdp(unsigned long vcpu, unsigned long a1, unsigned long a2,
		  unsigned long a3)
{
	return -EIO;
}

DEFINE_STATIC_CALL(violation_body, no_exit);
DEFINE_STATIC_CALL(misconfig_body, no_exit);
DEFINE_STATIC_CALL(tdp_body, no_tdp);

__used notrace int bare_violation(unsigned long vcpu)
{
	u64 start = rdtsc();
	int ret = static_call(violation_body)(vcpu);

	this_cpu_write(ticks, rdtsc() - start);
	return ret;
}

__used notrace int bare_misconfig(unsigned long vcpu)
{
	u64 start = rdtsc();
	int ret = static_call(misconfig_body)(vcpu);

	this_cpu_write(ticks, rdtsc() - start);
	return ret;
}

__used notrace int bare_tdp(unsigned long vcpu, unsigned long a1,
			    unsigned long a2, unsigned long a3)
{
	u64 start = rdtsc();
	int ret = static_call(tdp_body)(vcpu, a1, a2, a3);

	this_cpu_write(ticks, rdtsc() - start);
	return ret;
}

#define DEFINE_TRAMPOLINE(name, wrapper)				\
	asm(".pushsection .text, \"ax\", @progbits\n"			\
	    ".type " #name ", @function\n"				\
	    ".globl " #name "\n"					\
	    ".p2align 4\n"						\
	    #name ":\n"							\
	    "	endbr64\n"						\
	    "	addq $8, %rsp\n"					\
	    "	jmp " #wrapper "\n"					\
	    "	int3\n"							\
	    ".size " #name ", . - " #name "\n"				\
	    ".popsection\n");						\
	void name(void);						\
	STACK_FRAME_NON_STANDARD(name)

DEFINE_TRAMPOLINE(bare_enter_violation, bare_violation);
DEFINE_TRAMPOLINE(bare_enter_misconfig, bare_misconfig);
DEFINE_TRAMPOLINE(bare_enter_tdp, bare_tdp);

static void (*const trampolines[FUNCTIONS])(void) = {
	bare_enter_violation, bare_enter_misconfig, bare_enter_tdp
};

static struct kvmfault_direct_call calls[FUNCTIONS];

static void body_update(int i, unsigned long body)
{
	if (i == 0)
		static_call_update(violation_body, (exit_fn *)body);
	else if (i == 1)
		static_call_update(misconfig_body, (exit_fn *)body);
	else
		static_call_update(tdp_body, (tdp_fn *)body);
}

static int arm(int i)
{
	struct kprobe kprobe = {
		.symbol_name = functions[i],
		.flags = KPROBE_FLAG_DISABLED,
	};
	unsigned long location;
	int ret;

	ret = register_kprobe(&kprobe);
	if (ret)
		return ret;
	location = (unsigned long)kprobe.addr;
	unregister_kprobe(&kprobe);

	body_update(i, location + MCOUNT_INSN_SIZE);
	return kvmfault_direct_register(&calls[i], location,
					(unsigned long)trampolines[i]);
}

static void disarm(int i)
{
	kvmfault_direct_unregister(&calls[i], (unsigned long)trampolines[i]);
}

static int __init bare_init(void)
{
	int i, ret;

	for (i = 0; i < nr_functions; i++) {
		ret = arm(i);
		if (ret)
			goto disarm;
	}
	return 0;

disarm:
	while (i--)
		disarm(i);
	synchronize_rcu_tasks();
	return ret;
}

static void __exit bare_exit(void)
{
	int i = nr_functions;

	while (i--)
		disarm(i);
	synchronize_rcu_tasks();
}

module_init(bare_init);
module_exit(bare_exit);

MODULE_DESCRIPTION("Direct calls that do nothing");
MODULE_LICENSE("GPL");
