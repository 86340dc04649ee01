/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs inside the virtual machine. The VMM copies everything between
 * payload_start and payload_end to guest linear address 0 and starts there, in
 * long mode. It uses no stack, no descriptor table and no interrupt, so that
 * nothing but the accesses below ever touches memory.
 *
 * hlt hands control to the VMM, which loads the next order into the registers:
 *
 *	rdi	first page to write
 *	rcx	number of pages, one write each
 *	rsi	MMIO address
 *	rdx	number of writes to it
 *	rax	the value to write, everywhere
 *	r8	first page to read
 *	r9	number of pages, one read each
 *	r10	first page to execute, which jumps to what r13 holds
 *	r11	number of pages
 *	r12	from one of them to the next
 *
 * With an APIC in the kernel hlt would wait there for an interrupt: the VMM then
 * puts an instruction of two bytes in its place that hands control to it as well.
 *
 * The first hlt comes before any order: fetching it makes the hardware walk the
 * page tables, which takes the faults of the code page and of the three tables.
 */

#define PAGE_SIZE 4096

	.section .rodata
	.globl	payload_start, payload_end
	.code64

payload_start:
	hlt
	nop

	lea	executed(%rip), %r13

execute:
	test	%r11, %r11
	jz	read
	jmp	*%r10
executed:
	add	%r12, %r10
	dec	%r11
	jmp	execute

read:
	test	%r9, %r9
	jz	pages
	mov	(%r8), %rbx
	add	$PAGE_SIZE, %r8
	dec	%r9
	jmp	read

pages:
	test	%rcx, %rcx
	jz	mmio
	mov	%rax, (%rdi)
	add	$PAGE_SIZE, %rdi
	dec	%rcx
	jmp	pages

mmio:
	test	%rdx, %rdx
	jz	payload_start
	mov	%rax, (%rsi)
	dec	%rdx
	jmp	mmio

payload_end:

	.section .note.GNU-stack, "", @progbits
