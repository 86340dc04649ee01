/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs inside the virtual machine. The VMM copies everything between
 * payload_start and payload_end to guest linear address 0 and starts there, in
 * long mode. It uses no stack, no descriptor table and no interrupt, so that
 * nothing but the writes below ever touches memory.
 *
 * hlt hands control to the VMM, which loads the next order into the registers:
 *
 *	rdi	first page to write
 *	rcx	number of pages, one write each
 *	rsi	MMIO address
 *	rdx	number of writes to it
 *	rax	the value to write, everywhere
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
