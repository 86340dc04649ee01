/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module as a whole is
 */
#ifndef KVMFAULT_KVMFAULT_H
#define KVMFAULT_KVMFAULT_H

#define KVMFAULT_VERSION	"0.1.0"

#endif /* KVMFAULT_KVMFAULT_H */
