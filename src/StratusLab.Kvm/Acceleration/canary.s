# The boot sector of the canary guest, for GNU as. Its machine code is in CanaryProgram.cs:
#   as --64 canary.s -o canary.o && ld -m elf_x86_64 -Ttext 0x7c00 --oformat binary -o canary.bin canary.o
# It goes the way of a kernel's first steps: protected mode, long mode with paging, 67 million additions in memory, timer interrupts
# taken out of HLT. Then it writes a word to the serial port, ten times a second, since nobody may be listening yet. A /dev/kvm that
# emulates instruction by instruction gets into long mode too, but needs minutes for the additions.
.code16
.globl _start
_start:
  cli
  cld
  xorw %ax,%ax
  movw %ax,%ds
  movw %ax,%es
  movw %ax,%ss
  movw $0x7c00,%sp
  inb $0x92,%al                 # A20
  orb $2,%al
  andb $0xfe,%al
  outb %al,$0x92
  lgdtl gdtr
  movl %cr0,%eax
  orb $1,%al
  movl %eax,%cr0
  ljmpl $8,$protected
.code32
protected:
  movw $16,%ax
  movw %ax,%ds
  movw %ax,%es
  movw %ax,%ss
  movl $0x1000,%edi             # page tables at 0x1000, 0x2000, 0x3000: the first GiB in pages of 2 MiB
  movl %edi,%cr3
  xorl %eax,%eax
  movl $3072,%ecx
  rep stosl
  movl $0x2003,0x1000
  movl $0x3003,0x2000
  movl $0x3000,%edi
  movl $0x83,%eax
  movw $512,%cx
1: movl %eax,(%edi)
  addl $0x200000,%eax
  addl $8,%edi
  loop 1b
  movl %cr4,%eax
  orb $0x20,%al                 # PAE
  movl %eax,%cr4
  movl $0xc0000080,%ecx         # EFER.LME
  rdmsr
  orb $1,%ah
  wrmsr
  movl %cr0,%eax
  orl $0x80000000,%eax
  movl %eax,%cr0
  ljmpl $24,$long
.code64
long:
  movl $0x7c00,%esp
  movl $0x4000,%edi             # interrupt table at 0x4000, entry 0x20 is the timer
  xorl %eax,%eax
  movl $1024,%ecx
  rep stosl
  movl $tick,%eax
  movl $0x4200,%edi
  movw %ax,(%rdi)
  movl $0x8e000018,2(%rdi)
  shrl $16,%eax
  movw %ax,6(%rdi)
  lidt idtr
  movb $0x11,%al                # interrupt controller: only the timer, from 0x20 on
  outb %al,$0x20
  movb $0x20,%al
  outb %al,$0x21
  movb $4,%al
  outb %al,$0x21
  movb $1,%al
  outb %al,$0x21
  movb $0xfe,%al
  outb %al,$0x21
  movb $0xff,%al
  outb %al,$0xa1
  movb $0x34,%al                # timer: 100 Hz
  outb %al,$0x43
  movw $11932,%ax
  outb %al,$0x40
  movb %ah,%al
  outb %al,$0x40
  movl $0x4000000,%ebx
  movl $0x200000,%edi
2: addl %ebx,(%rdi)
  decl %ebx
  jnz 2b
  sti
3: movl $10,%ecx
4: hlt
  testl %ecx,%ecx
  jnz 4b
  movl $word,%esi
  movl $word_length,%edi
5: movw $0x3fd,%dx               # wait until the serial port takes a byte
6: inb %dx,%al
  testb $0x20,%al
  jz 6b
  movw $0x3f8,%dx
  lodsb
  outb %al,%dx
  decl %edi
  jnz 5b
  jmp 3b
tick:
  decl %ecx
  movb $0x20,%al
  outb %al,$0x20
  iretq
.p2align 3
gdt: .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00af9a000000ffff
gdtr: .word 31
  .long gdt
idtr: .word 4095
  .quad 0x4000
word: .ascii "STRATUS-CANARY\n"
.equ word_length, . - word
