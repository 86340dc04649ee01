/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The boot sector of the Bochs machine: reads kernel and initramfs from the
 * disk and starts the kernel by its PVH entry.
 *
 * Bochs has no -kernel. A boot loader would read through the BIOS and start a
 * packed kernel, which together take most of a minute of emulation; this takes
 * a second.
 *
 * The disk is laid out by intel.sh: this sector, the start info page, the
 * kernel, the initramfs. The table at the end of this sector says what is
 * where. The start info (struct hvm_start_info of Xen's
 * hvm/start_info.h) is complete but for the memory map, which only the BIOS
 * knows.
 */
	.set	INFO, 0x20000		/* start info page, see intel.sh */
	.set	INFO_ENTRIES, 48	/* in it: number of memory map entries */
	.set	INFO_ENTRY, 56		/* after it: the kernel's entry */
	.set	INFO_MAP, 0x800		/* in its page: the memory map */
	.set	MAP_ENTRY_SIZE, 24

	.set	ATA_DATA, 0x1f0
	.set	ATA_COUNT, 0x1f2
	.set	ATA_DRIVE, 0x1f6
	.set	ATA_COMMAND, 0x1f7
	.set	ATA_READ, 0x20
	.set	ATA_BUSY, 0x80
	.set	ATA_DATA_READY, 0x08

	.code16
	.globl	_start
_start:
	cli
	xorw	%ax, %ax
	movw	%ax, %ds
	movw	%ax, %ss
	movw	$_start, %sp

	/* The memory map, in place: the page itself, read below, ends before. */
	movw	$(INFO >> 4), %ax
	movw	%ax, %es
	movw	$INFO_MAP, %di
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
next_range:
	movl	$0xe820, %eax
	movl	$20, %ecx
	movl	$0x534d4150, %edx	/* "SMAP" */
	int	$0x15
	jc	protected
	movl	$0, %es:20(%di)
	addw	$MAP_ENTRY_SIZE, %di
	incl	%ebp
	testl	%ebx, %ebx
	jnz	next_range

protected:
	cli
	inb	$0x92, %al		/* the A20 gate */
	orb	$2, %al
	outb	%al, $0x92
	lgdtl	gdt_pointer
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	ljmpl	$8, $flat

	.code32
flat:
	movw	$16, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	cld

	/* One row of the table: first sector, number of sectors, address. */
	movl	$table, %esi
next_row:
	movl	(%esi), %ebx
	movl	4(%esi), %ecx
	movl	8(%esi), %edi
	jecxz	start
next_sector:
	movw	$ATA_DRIVE, %dx
	movl	%ebx, %eax
	shrl	$24, %eax
	orb	$0xe0, %al		/* drive 0, LBA */
	outb	%al, %dx
	movw	$ATA_COUNT, %dx
	movb	$1, %al
	outb	%al, %dx
	incw	%dx
	movl	%ebx, %eax
	outb	%al, %dx
	incw	%dx
	shrl	$8, %eax
	outb	%al, %dx
	incw	%dx
	shrl	$8, %eax
	outb	%al, %dx
	movw	$ATA_COMMAND, %dx
	movb	$ATA_READ, %al
	outb	%al, %dx
wait:
	inb	%dx, %al
	testb	$ATA_BUSY, %al
	jnz	wait
	testb	$ATA_DATA_READY, %al
	jz	wait
	pushl	%ecx
	movl	$256, %ecx
	movw	$ATA_DATA, %dx
	rep	insw
	popl	%ecx
	incl	%ebx
	loop	next_sector
	addl	$12, %esi
	jmp	next_row

start:
	movl	%ebp, INFO + INFO_ENTRIES
	movl	$INFO, %ebx
	jmp	*INFO + INFO_ENTRY

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* code, 4 GiB */
	.quad	0x00cf93000000ffff	/* data, 4 GiB */
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	gdt

	.org	440
table:
	.org	510
	.word	0xaa55
