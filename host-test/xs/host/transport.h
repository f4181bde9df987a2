/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames between the engine and the Node process that started it.
 *
 * A frame is its payload's length in decimal digits, ':', the payload, ','. The payload's first byte is its kind.
 */
#ifndef LATCHKEY_TRANSPORT_H
#define LATCHKEY_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One frame that was read; `bytes` holds `length` bytes and a NUL after them, to be freed by the reader. */
typedef struct {
	char kind;
	char* bytes;
	size_t length;
} frame_t;

/* The process ends with this when a frame cannot be written or is not well-formed. */
#define EXIT_TRANSPORT 3

void transport_open(void);

/* Waits for the next frame. False when the other side has closed. */
bool transport_read(frame_t* frame);

void transport_write(char kind, const void* bytes, size_t length);

/*
 * Instructions retired outside of this transport, 0 where they are not counted: what reading and writing take
 * depends on how the pipes cut the bytes, and is no work of the guest.
 */
uint64_t transport_instructions_elsewhere(void);

#endif
