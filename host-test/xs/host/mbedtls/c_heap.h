/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts what the device's C (src/firmware/native) and mbedTLS hold of the C heap, and no one else does.
 *
 * Those parts are linked by themselves first, with malloc, calloc, realloc and free replaced (--wrap) by the ones
 * here. Counted are the bytes asked for, without what an allocator adds. What is allocated there must be freed there.
 */
#ifndef LATCHKEY_C_HEAP_H
#define LATCHKEY_C_HEAP_H

#include <stddef.h>

/* Bytes held at the moment. */
size_t c_heap_bytes(void);

/* The most that was held since the start or the last reset. */
size_t c_heap_bytes_peak(void);

void c_heap_reset_peak(void);

#endif
