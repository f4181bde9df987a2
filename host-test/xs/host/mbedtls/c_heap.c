/* SPDX-License-Identifier: Apache-2.0 */
#include "mbedtls/c_heap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Before each block: its size, and as many bytes as keep the block aligned for anything. */
typedef union {
	size_t size;
	long double aligned;
} header_t;

/* The names that the linker's --wrap asks for. */
void* __wrap_malloc(size_t size);
void* __wrap_calloc(size_t count, size_t size);
void* __wrap_realloc(void* block, size_t size);
void __wrap_free(void* block);

static size_t held;
static size_t held_peak;

size_t c_heap_bytes(void)
{
	return held;
}

size_t c_heap_bytes_peak(void)
{
	return held_peak;
}

void c_heap_reset_peak(void)
{
	held_peak = held;
}

void* __wrap_malloc(size_t size)
{
	header_t* header = size <= SIZE_MAX - sizeof *header ? malloc(sizeof *header + size) : NULL;
	if (!header)
		return NULL;
	header->size = size;
	held += size;
	if (held_peak < held)
		held_peak = held;
	return header + 1;
}

void* __wrap_calloc(size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return NULL;
	void* block = __wrap_malloc(count * size);
	return block ? memset(block, 0, count * size) : NULL;
}

void __wrap_free(void* block)
{
	if (!block)
		return;
	header_t* header = (header_t*)block - 1;
	held -= header->size;
	free(header);
}

void* __wrap_realloc(void* block, size_t size)
{
	void* moved = __wrap_malloc(size);
	if (!moved || !block)
		return moved;
	size_t before = ((header_t*)block - 1)->size;
	memcpy(moved, block, before < size ? before : size);
	__wrap_free(block);
	return moved;
}
