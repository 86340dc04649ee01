/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs inside the virtual machine: accesses with a time stamp on either
 * side. The VMM copies it to guest address 0 and starts there, in long mode. No
 * stack, no descriptor table, no interrupt.
 *
 *	rdi	address of the first access
 *	rbx	distance to the next one
 *	rcx	number of accesses
 *	rsi	where the durations go, 8 bytes each
 *
 * A duration is stored after the second stamp, so that a fault of the store is
 * in none.
 */
	.section .rodata
	.globl	stamp_start, stamp_end
	.code64

stamp_start:
	rdtsc
	shl	$32, %rdx
	lea	(%rax, %rdx), %r8

	mov	%rcx, (%rdi)

	rdtsc
	shl	$32, %rdx
	add	%rdx, %rax
	sub	%r8, %rax
	mov	%rax, (%rsi)

	add	$8, %rsi
	add	%rbx, %rdi
	dec	%rcx
	jnz	stamp_start
	hlt
stamp_end:

	.section .note.GNU-stack, "", @progbits
