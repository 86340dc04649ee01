/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What runs inside the virtual machine. The VMM copies everything between
 * payload_start and payload_end to guest linear address 0 and starts there, in
 * long mode. Unless it is to be told of asynchronous page faults it uses no stack,
 * no descriptor table and no interrupt, so that nothing but the accesses below ever
 * touches memory.
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
 *	rbp	how many pages in all to wait for, of those that were not there
 *
 * With an APIC in the kernel hlt would wait there for an interrupt: the VMM then
 * puts an instruction of two bytes in its place that hands control to it as well.
 *
 * r14 counts the pages that KVM said were not there, which are left out, and r15
 * those that it has said are there now.
 *
 * The first hlt comes before any order: fetching it makes the hardware walk the
 * page tables, which takes the faults of the code page and of the three tables.
 */

#include "traps.h"

#define PAGE_SIZE 4096

#define MSR_X2APIC_EOI		0x80b
#define MSR_ASYNC_PF_ACK	0x4b564d07

	.section .rodata
	.globl	payload_start, payload_end, payload_absent, payload_ready
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
	jz	await
	mov	%rax, (%rsi)
	dec	%rdx
	jmp	mmio

await:
	cmp	%rbp, %r15
	jae	payload_start
	cli
	cmp	%rbp, %r15
	jae	awaited
	sti
	hlt
awaited:
	sti
	jmp	await

# A page fault that KVM makes up: the page is not there yet. Go on behind the
# write, which has 3 bytes, with the next page. There are no other page faults.
payload_absent:
	cmpl	$1, TRAPS_APF_FLAGS
	jne	confused
	movl	$0, TRAPS_APF_FLAGS
	inc	%r14
	add	$8, %rsp
	addq	$3, (%rsp)
	iretq
confused:
	ud2

# An interrupt: a page is there. All ones means all pages, and comes when KVM is
# told to tell. Only when it has been taken note of does KVM tell of the next one.
payload_ready:
	push	%rax
	push	%rcx
	push	%rdx
	cmpl	$~0, TRAPS_APF_TOKEN
	je	noted
	inc	%r15
noted:
	movl	$0, TRAPS_APF_TOKEN
	xor	%edx, %edx
	xor	%eax, %eax
	mov	$MSR_X2APIC_EOI, %ecx
	wrmsr
	inc	%eax
	mov	$MSR_ASYNC_PF_ACK, %ecx
	wrmsr
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq

payload_end:

	.section .note.GNU-stack, "", @progbits
