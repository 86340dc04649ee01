/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs inside the virtual machine: accesses with a time stamp on either
 * side. The VMM copies it to guest address 0 and starts there, in long mode, at
 * the loop of its choice. No stack, no descriptor table, no interrupt.
 *
 *	r9	address of the first access
 *	r10	distance to the next one
 *	r11	number of accesses
 *	rsi	where the durations go, 8 bytes each
 *
 * A duration is stored after the second stamp, so that a fault of the store is
 * in none.
 */
	.section .rodata
	.code64

	.macro	stamped name, access:vararg
	.globl	stamp_\name
stamp_\name:
1:	rdtsc
	shl	$32, %rdx
	lea	(%rax, %rdx), %r8

	\access

	rdtsc
	shl	$32, %rdx
	add	%rdx, %rax
	sub	%r8, %rax
	mov	%rax, (%rsi)

	add	$8, %rsi
	add	%r10, %r9
	dec	%r11
	jnz	1b
	hlt
	.endm

	.globl	stamp_start, stamp_end
stamp_start:
	stamped	write, mov %r11, (%r9)
	stamped	cpuid, cpuid
	stamped	pio, out %al, $0x80
stamp_end:

	.section .note.GNU-stack, "", @progbits
