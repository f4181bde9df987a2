/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ciphertext on its way out: a queue that grows as it must, within bounds, and holds no memory while it is empty.
 */
#ifndef LATCHKEY_TLS_OUTPUT_H
#define LATCHKEY_TLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
	uint8_t* bytes;
	size_t capacity;
	/* Waiting are `length` bytes from `start` on. */
	size_t start;
	size_t length;
} tls_output_t;

/* Appends all or, when there is no memory, nothing. */
bool tls_output_append(tls_output_t* output, const uint8_t* bytes, size_t length);

/* Moves up to `limit` bytes out; returns how many. */
size_t tls_output_take(tls_output_t* output, void* to, size_t limit);

void tls_output_free(tls_output_t* output);

#endif
