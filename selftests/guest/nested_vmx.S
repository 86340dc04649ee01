/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A hypervisor with VMX and its guest. The hypervisor runs the guest with EPT, and
 * maps a page when the guest faults there:
 *
 *	rbx	where the addresses of its VMXON region and of its VMCS are, and where
 *		to leave why the guest ended
 *	r9	fields of the VMCS and their values, up to one with all bits set
 *	rsi	the table of EPT that has the guest's pages
 *	r8	the entry of the first page
 *
 * The guest, in 32-bit mode without page tables:
 *
 *	edi	first page to write
 *	ecx	number of pages, one write each
 *	eax	the value to write
 */

#define PAGE_SIZE		4096
#define REPLY			16
#define VM_INSTRUCTION_ERROR	0x4400
#define EXIT_REASON		0x4402
#define EXIT_EPT_VIOLATION	48
#define GUEST_PHYSICAL		0x2400

	.section .rodata
	.globl	nested_vmx_start, nested_vmx_exit, nested_vmx_guest, nested_vmx_end
	.code64

nested_vmx_start:
	vmxon	(%rbx)
	jbe	failed
	vmclear	8(%rbx)
	jbe	failed
	vmptrld	8(%rbx)
	jbe	failed

field:
	mov	(%r9), %rdx
	cmp	$-1, %rdx
	je	launch
	mov	8(%r9), %rbp
	vmwrite	%rbp, %rdx
	jbe	failed
	add	$16, %r9
	jmp	field

launch:
	vmlaunch

failed:
	mov	$VM_INSTRUCTION_ERROR, %edx
	vmread	%rdx, %rbp
	bts	$32, %rbp
	jmp	over

nested_vmx_exit:
	mov	$EXIT_REASON, %edx
	vmread	%rdx, %rbp
	cmp	$EXIT_EPT_VIOLATION, %ebp
	jne	over
	mov	$GUEST_PHYSICAL, %edx
	vmread	%rdx, %rbp
	shr	$12, %rbp
	and	$511, %ebp
	mov	%rbp, %rdx
	shl	$12, %rdx
	add	%r8, %rdx
	mov	%rdx, (%rsi, %rbp, 8)
	vmresume
	jmp	failed

over:
	mov	%rbp, REPLY(%rbx)
	hlt

	.code32
nested_vmx_guest:
	mov	%eax, (%edi)
	add	$PAGE_SIZE, %edi
	dec	%ecx
	jnz	nested_vmx_guest
	hlt

nested_vmx_end:

	.section .note.GNU-stack, "", @progbits
