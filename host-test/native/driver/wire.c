/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Static: the driver's own memory must not run out when the engine's does. */
static uint8_t request_bytes[WIRE_BOUND];
static uint8_t answer_bytes[WIRE_BOUND];
static size_t answer_length;

static void misuse(const char* what)
{
	fprintf(stderr, "driver: %s\n", what);
	exit(2);
}

static bool read_all(uint8_t* to, size_t length)
{
	return fread(to, 1, length, stdin) == length;
}

bool wire_next(wire_reader_t* request)
{
	uint8_t header[4];
	if (!read_all(header, sizeof header))
		return false;
	uint32_t length = (uint32_t)header[0] << 24 | (uint32_t)header[1] << 16 | (uint32_t)header[2] << 8 | header[3];
	if (length > WIRE_BOUND || !read_all(request_bytes, length))
		misuse("expected a request of at most a megabyte");
	request->at = request_bytes;
	request->left = length;
	return true;
}

const uint8_t* wire_bytes(wire_reader_t* reader, size_t length)
{
	if (length > reader->left)
		misuse("request cut short");
	const uint8_t* bytes = reader->at;
	reader->at += length;
	reader->left -= length;
	return bytes;
}

uint8_t wire_u8(wire_reader_t* reader)
{
	return *wire_bytes(reader, 1);
}

uint32_t wire_u32(wire_reader_t* reader)
{
	const uint8_t* bytes = wire_bytes(reader, 4);
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void wire_begin_answer(void)
{
	answer_length = 4;
}

size_t wire_length(void)
{
	return answer_length - 4;
}

uint8_t* wire_put_space(size_t length)
{
	if (length > WIRE_BOUND - answer_length)
		misuse("answer too long");
	uint8_t* space = answer_bytes + answer_length;
	answer_length += length;
	return space;
}

void wire_drop(size_t length)
{
	answer_length -= length;
}

void wire_put_u8(uint8_t value)
{
	*wire_put_space(1) = value;
}

static void store_u32(uint8_t* to, uint32_t value)
{
	to[0] = (uint8_t)(value >> 24);
	to[1] = (uint8_t)(value >> 16);
	to[2] = (uint8_t)(value >> 8);
	to[3] = (uint8_t)value;
}

void wire_put_u32(uint32_t value)
{
	store_u32(wire_put_space(4), value);
}

void wire_put_text(const char* text)
{
	size_t length = strlen(text);
	wire_put_u8((uint8_t)length);
	memcpy(wire_put_space(length), text, length);
}

void wire_send_answer(void)
{
	store_u32(answer_bytes, (uint32_t)(answer_length - 4));
	if (fwrite(answer_bytes, 1, answer_length, stdout) != answer_length || fflush(stdout) != 0)
		exit(1);
}
