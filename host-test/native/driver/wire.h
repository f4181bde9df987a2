/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests on stdin, answers on stdout. Both are frames: length (4 bytes, big-endian) of what follows, then that.
 */
#ifndef LATCHKEY_TEST_WIRE_H
#define LATCHKEY_TEST_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a request: a whole flight, or a key and a message. */
#define WIRE_BOUND (1u << 20)

typedef struct {
	const uint8_t* at;
	size_t left;
} wire_reader_t;

/* Reads the next request into memory that it owns until the following call; false at the end of input. */
bool wire_next(wire_reader_t* request);

/* These end the program when the request is too short: the test that wrote it is wrong. */
uint8_t wire_u8(wire_reader_t* reader);
uint32_t wire_u32(wire_reader_t* reader);
const uint8_t* wire_bytes(wire_reader_t* reader, size_t length);

void wire_begin_answer(void);
/* Bytes put so far. */
size_t wire_length(void);
void wire_put_u8(uint8_t value);
void wire_put_u32(uint32_t value);
/* Length in one byte, then the text. */
void wire_put_text(const char* text);
/* Room for `length` bytes that the caller fills. */
uint8_t* wire_put_space(size_t length);
/* Gives back what of the last space was not filled. */
void wire_drop(size_t length);
void wire_send_answer(void);

#endif
