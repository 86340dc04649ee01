/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hypervisor with SVM and its guest. The hypervisor runs the guest with tables of its
 * own making, and maps a page when the guest faults there:
 *
 *	rax	its VMCB, guest-physical
 *	rbx	the same as it sees it
 *	rsi	the table that has the guest's pages
 *	r8	the entry of the first page
 *	r9	the exit code of a fault
 *
 * The guest, in 32-bit mode, which knows of no page tables:
 *
 *	edi	first page to write
 *	ecx	number of pages, one write each
 */

#define PAGE_SIZE	4096
#define EXIT_CODE	0x070
#define EXIT_INFO_2	0x080

	.section .rodata
	.globl	nested_svm_start, nested_svm_guest, nested_svm_end
	.code64

nested_svm_start:
	vmrun
	cmp	%r9, EXIT_CODE(%rbx)
	jne	over
	mov	EXIT_INFO_2(%rbx), %rdx
	shr	$12, %rdx
	and	$511, %edx
	mov	%rdx, %rbp
	shl	$12, %rbp
	add	%r8, %rbp
	mov	%rbp, (%rsi, %rdx, 8)
	jmp	nested_svm_start

over:
	stgi
	hlt

	.code32
nested_svm_guest:
	mov	%eax, (%edi)
	add	$PAGE_SIZE, %edi
	dec	%ecx
	jnz	nested_svm_guest
	hlt

nested_svm_end:

/* The same in 32-bit mode, whose guest does not fault for it. */
	.globl	nested_svm_32_start, nested_svm_32_guest, nested_svm_32_end

nested_svm_32_start:
	vmrun
	stgi
	hlt

nested_svm_32_guest:
	mov	%eax, (%edi)
	add	$PAGE_SIZE, %edi
	dec	%ecx
	jnz	nested_svm_32_guest
	hlt

nested_svm_32_end:

	.section .note.GNU-stack, "", @progbits
