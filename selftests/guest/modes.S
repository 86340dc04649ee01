/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest of 32 bits, with page tables or without any.
 *
 *	edi	first page to write
 *	ecx	number of pages, one write each
 *	eax	the value to write
 *	edx	first page of those that its tables do not have
 *	ebx	number of these, one write each, all in vain
 *	ebp	0: how many of them its handler of page faults has left out
 *	esi	where to put that
 */

#define PAGE_SIZE 4096

	.section .rodata
	.globl	modes_start, modes_fault, modes_end
	.code32

modes_start:
	test	%ecx, %ecx
	jz	absent
	mov	%eax, (%edi)
	add	$PAGE_SIZE, %edi
	dec	%ecx
	jmp	modes_start

absent:
	test	%ebx, %ebx
	jz	done
	mov	%eax, (%edx)
	add	$PAGE_SIZE, %edx
	dec	%ebx
	jmp	absent

done:
	mov	%ebp, (%esi)
	hlt

/* Go on behind the write, which has 2 bytes. */
modes_fault:
	inc	%ebp
	add	$4, %esp
	addl	$2, (%esp)
	iret

modes_end:

	.section .note.GNU-stack, "", @progbits
