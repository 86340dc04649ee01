/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trampolines of the direct engine
 *
 * ftrace's call in a function leads here, with two return addresses on the
 * stack: the one into the function's body, and under it the one to its caller.
 * The first is dropped, and the wrapper entered as if the caller had called it.
 *
 * Both are states that unwinders know: first it is the function that has called
 * us, then its caller. objtool sees an ordinary function up to where the first
 * return address goes, and is told that from there on it is one from its
 * beginning. So there is ORC data for each instruction, and a stack with a
 * trampoline on it, which an interrupt may find, is reliable for livepatch.
 *
 * ftrace comes here by a direct call, or by a return; the ENDBR is there for
 * whoever might come by the address.
 */
#include <linux/linkage.h>

#include <asm/unwind_hints.h>

#include <compat/ftrace.h>

#ifdef KVMFAULT_HAVE_DIRECT

	.text

.macro ENTER name:req
	.p2align 4
SYM_START(kvmfault_enter_\name, SYM_L_GLOBAL, SYM_A_NONE)
	endbr64
	addq	$8, %rsp
	UNWIND_HINT_FUNC
	jmp	kvmfault_direct_\name
	int3
SYM_FUNC_END(kvmfault_enter_\name)
.endm

ENTER name=violation
ENTER name=misconfig
ENTER name=npf
ENTER name=tdp

#endif
