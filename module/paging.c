// SPDX-License-Identifier: GPL-2.0
/*
 * Which paging KVM runs guests with
 *
 * The vendor's module says so in a parameter, which it corrects when it is loaded
 * on a CPU that cannot do what was asked for. So the parameter is right once the
 * module is there for good.
 */
#include <linux/cpufeature.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "paging.h"

static const struct kernel_param *parameter_find(const struct module *module,
						 const char *name)
{
	unsigned int i;

	for (i = 0; module && i < module->num_kp; i++)
		if (!strcmp(module->kp[i].name, name))
			return &module->kp[i];
	return NULL;
}

/* It has been a bool and an int. */
static bool parameter_is_off(const struct kernel_param *parameter)
{
	bool on = true;
	char *value;

	if (!parameter || !parameter->ops->get)
		return false;
	/* Without an answer the wrong functions would be probed, and nobody told. */
	value = kzalloc(PAGE_SIZE, GFP_KERNEL | __GFP_NOFAIL);
	if (parameter->ops->get(value, parameter) > 0 &&
	    kstrtobool(value, &on))
		on = true;
	kfree(value);
	return !on;
}

/* Whoever holds its directory in /sys/module holds the module. */
static bool module_says_off(const char *name, const char *parameter)
{
	struct kobject *kobj;
	bool off;

	kobj = kset_find_obj(THIS_MODULE->mkobj.kobj.kset, name);
	if (!kobj)
		return false;
	off = parameter_is_off(parameter_find(container_of(kobj, struct module_kobject, kobj)->mod,
					      parameter));
	kobject_put(kobj);
	return off;
}

static bool is_shadow(void)
{
	return boot_cpu_has(X86_FEATURE_VMX) ?
	       module_says_off("kvm_intel", "ept") :
	       module_says_off("kvm_amd", "npt");
}

/* A module that is part of the kernel does not show its parameters. */
static bool is_builtin(void)
{
	return boot_cpu_has(X86_FEATURE_VMX) ? IS_BUILTIN(CONFIG_KVM_INTEL) :
					       IS_BUILTIN(CONFIG_KVM_AMD);
}

/**
 * kvmfault_paging_may_be() - can a function be called?
 * @paging: with which paging it is
 *
 * Until the vendor's module is there it is taken for two-dimensional, which is the
 * default.
 */
bool kvmfault_paging_may_be(enum kvmfault_paging paging)
{
	if (paging == KVMFAULT_PAGING_ANY || is_builtin())
		return true;
	return is_shadow() == (paging == KVMFAULT_PAGING_SHADOW);
}
