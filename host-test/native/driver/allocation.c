/* SPDX-License-Identifier: Apache-2.0 */
#include "allocation.h"

#include <malloc.h>
#include <stdlib.h>

void* __real_malloc(size_t size);
void* __real_calloc(size_t count, size_t size);
void* __real_realloc(void* block, size_t size);
void __real_free(void* block);
void* __wrap_malloc(size_t size);
void* __wrap_calloc(size_t count, size_t size);
void* __wrap_realloc(void* block, size_t size);
void __wrap_free(void* block);

static size_t calls;
static size_t fail_at;
static size_t bytes;
static size_t bytes_peak;

void allocation_fail_at(size_t count)
{
	calls = 0;
	fail_at = count;
	bytes_peak = bytes;
}

size_t allocation_count(void)
{
	return calls;
}

size_t allocation_bytes(void)
{
	return bytes;
}

size_t allocation_bytes_peak(void)
{
	return bytes_peak;
}

static int fails(void)
{
	calls++;
	return calls == fail_at;
}

static void* counted(void* block)
{
	if (block != NULL)
		bytes += malloc_usable_size(block);
	if (bytes_peak < bytes)
		bytes_peak = bytes;
	return block;
}

void* __wrap_malloc(size_t size)
{
	return fails() ? NULL : counted(__real_malloc(size));
}

void* __wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : counted(__real_calloc(count, size));
}

void* __wrap_realloc(void* block, size_t size)
{
	if (fails())
		return NULL;
	size_t before = block == NULL ? 0 : malloc_usable_size(block);
	void* moved = __real_realloc(block, size);
	if (moved != NULL || size == 0)
		bytes -= before;
	return counted(moved);
}

void __wrap_free(void* block)
{
	if (block != NULL)
		bytes -= malloc_usable_size(block);
	__real_free(block);
}
