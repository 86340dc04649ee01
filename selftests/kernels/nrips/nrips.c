// SPDX-License-Identifier: GPL-2.0
/*
 * Say where the next instruction is, where the emulated CPU does not
 *
 * Only then does KVM signal an eventfd before all else. It believes what stands there
 * at any exit, so that it stands there for nested page faults alone. A store of the
 * counting guest has three bytes.
 */
#include <linux/kprobes.h>
#include <linux/kvm_host.h>
#include <linux/module.h>

#include <asm/svm.h>

#define STORE_BYTES	3

/* What AMD's KVM has of a vCPU: what all vendors have, and then this. */
static struct vmcb *vmcb_of(unsigned long kvm_vcpu)
{
	return *(struct vmcb **)(kvm_vcpu + sizeof(struct kvm_vcpu));
}

static int enter_npf(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct vmcb **vmcb = (void *)instance->data;

	*vmcb = vmcb_of(regs->di);
	(*vmcb)->control.next_rip = (*vmcb)->save.rip + STORE_BYTES;
	return 0;
}

static int leave_npf(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct vmcb **vmcb = (void *)instance->data;

	(*vmcb)->control.next_rip = 0;
	return 0;
}

static struct kretprobe npf = {
	.kp.symbol_name = "npf_interception",
	.entry_handler = enter_npf,
	.handler = leave_npf,
	.data_size = sizeof(struct vmcb *),
};

static int __init nrips_init(void)
{
	return register_kretprobe(&npf);
}

static void __exit nrips_exit(void)
{
	unregister_kretprobe(&npf);
}

module_init(nrips_init);
module_exit(nrips_exit);

MODULE_DESCRIPTION("An emulated CPU says where the next instruction is");
MODULE_AUTHOR("The kvmfault authors");
MODULE_LICENSE("GPL");
