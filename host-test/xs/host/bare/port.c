/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bare rv32 machine that qemu emulates: two named pipes in qemu's working directory, opened by semihosting.
 *
 * Whether Node is still there cannot be asked without waiting; the guard around qemu (../../machine-qemu.ts) ends it.
 */
#include "port.h"

#include <fcntl.h>
#include <unistd.h>

/* The C stack's lowest address, said to the linker; below it is the heap, and nothing between them. */
extern char __heap_end[];

/* Left for what runs between two checks of the limit. */
#define C_STACK_MARGIN (16u * 1024)

static int input = -1;
static int output = -1;

bool port_open(void)
{
	input = open("in", O_RDONLY);
	output = open("out", O_WRONLY);
	return input >= 0 && output >= 0;
}

size_t port_read(void* bytes, size_t length)
{
	ssize_t taken = read(input, bytes, length);
	return taken > 0 ? (size_t)taken : 0;
}

bool port_write(const void* bytes, size_t length)
{
	const char* next = bytes;
	while (length > 0) {
		ssize_t taken = write(output, next, length);
		if (taken <= 0)
			return false;
		next += taken;
		length -= (size_t)taken;
	}
	return true;
}

bool port_is_open(void)
{
	return true;
}

char* port_c_stack_limit(char* base)
{
	(void)base;
	return __heap_end + C_STACK_MARGIN;
}

/* A CSR is an extension of its own (Zicsr), for which Debian's picolibc has no build: it is allowed here alone. */
#define READ_CSR(name, value) \
	__asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrr %0, " name "\n\t.option pop" : "=r"(value))

uint64_t port_instructions(void)
{
	uint32_t high, low, again;
	do {
		READ_CSR("minstreth", high);
		READ_CSR("minstret", low);
		READ_CSR("minstreth", again);
	} while (high != again);
	return (uint64_t)high << 32 | low;
}
