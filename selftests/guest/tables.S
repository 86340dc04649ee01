/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that is its own pager: what it writes is mapped by its handler of page
 * faults, one page at a time. Then it does to its page tables what makes work for
 * a KVM that shadows them.
 *
 *	rdi	first page to write, in the range of the table
 *	rcx	number of pages, one write each
 *	rax	the value to write
 *	rsi	the table, which maps 2 MiB
 *	rbx	the entry of the first page, for the handler
 *	r8	how often to invalidate an address
 *	r12	an entry of a table further up, to write 0 to
 *	r13	how often
 *	r9	how often to load CR3: from r11 and r10, in turns
 */

#define PAGE_SIZE 4096

	.section .rodata
	.globl	tables_start, tables_fault, tables_end
	.code64

tables_start:
	test	%rcx, %rcx
	jz	invalidate
	mov	%rax, (%rdi)
	add	$PAGE_SIZE, %rdi
	dec	%rcx
	jmp	tables_start

invalidate:
	test	%r8, %r8
	jz	store
	invlpg	(%rdi)
	dec	%r8
	jmp	invalidate

store:
	test	%r13, %r13
	jz	load
	movq	$0, (%r12)
	dec	%r13
	jmp	store

load:
	test	%r9, %r9
	jz	done
	mov	%r11, %cr3
	xchg	%r10, %r11
	dec	%r9
	jmp	load

done:
	hlt

tables_fault:
	mov	%cr2, %rdx
	shr	$12, %rdx
	and	$511, %edx
	mov	%rdx, %rbp
	shl	$12, %rbp
	add	%rbx, %rbp
	mov	%rbp, (%rsi, %rdx, 8)
	add	$8, %rsp
	iretq

tables_end:

	.section .note.GNU-stack, "", @progbits
