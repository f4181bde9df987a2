/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out when a test says so. malloc, calloc and realloc of the whole program go through here (the
 * linker's --wrap).
 */
#ifndef LATCHKEY_TEST_ALLOCATION_H
#define LATCHKEY_TEST_ALLOCATION_H

#include <stddef.h>

/* The `count`-th allocation from now on fails, and it alone; 0: none does. */
void allocation_fail_at(size_t count);

/* Allocations since the last call of allocation_fail_at. */
size_t allocation_count(void);

/* Bytes asked for and not yet freed, and the most there were since the last allocation_fail_at. */
size_t allocation_bytes(void);
size_t allocation_bytes_peak(void);

#endif
