/* SPDX-License-Identifier: Apache-2.0 */
#include "transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"

/* Digits of a length, at most. */
#define LENGTH_DIGITS 9

/* Bytes read and not taken yet. */
static char buffer[4096];
static size_t buffer_next;
static size_t buffer_end;

static uint64_t spent_here;

static void fail(const char* what)
{
	fprintf(stderr, "xs: %s\n", what);
	exit(EXIT_TRANSPORT);
}

void transport_open(void)
{
	if (!port_open())
		fail("expected two open pipes");
}

/* At least one byte, at most `length`; 0 at the end. */
static size_t take(char* bytes, size_t length)
{
	if (buffer_next == buffer_end) {
		/* What is longer than the buffer goes past it. */
		if (length >= sizeof buffer)
			return port_read(bytes, length);
		buffer_next = 0;
		buffer_end = port_read(buffer, sizeof buffer);
	}
	size_t count = buffer_end - buffer_next;
	if (count > length)
		count = length;
	memcpy(bytes, buffer + buffer_next, count);
	buffer_next += count;
	return count;
}

static bool take_all(char* bytes, size_t length)
{
	while (length > 0) {
		size_t count = take(bytes, length);
		if (count == 0)
			return false;
		bytes += count;
		length -= count;
	}
	return true;
}

/* The payload's length and the colon after it; 0 at the end. */
static size_t take_length(void)
{
	size_t length = 0;
	char next;
	for (int digits = 0; digits <= LENGTH_DIGITS; digits++) {
		if (!take_all(&next, 1)) {
			if (digits == 0)
				return 0;
			fail("truncated frame");
		}
		if (next < '0' || next > '9')
			break;
		length = length * 10 + (size_t)(next - '0');
	}
	if (next != ':' || length == 0)
		fail("malformed frame");
	return length;
}

static bool read_frame(frame_t* frame)
{
	char end;
	size_t length = take_length();
	if (length == 0)
		return false;
	frame->length = length - 1;
	frame->bytes = malloc(length);
	if (!frame->bytes)
		fail("no memory for a frame");
	if (!take_all(&frame->kind, 1) || !take_all(frame->bytes, frame->length) || !take_all(&end, 1) || end != ',')
		fail("truncated frame");
	frame->bytes[frame->length] = 0;
	return true;
}

bool transport_read(frame_t* frame)
{
	uint64_t begin = port_instructions();
	bool result = read_frame(frame);
	spent_here += port_instructions() - begin;
	return result;
}

/* Small frames go out in one piece. */
static bool write_frame(char kind, const void* bytes, size_t length)
{
	char frame[1024];
	size_t head = (size_t)snprintf(frame, sizeof frame, "%lu:%c", (unsigned long)length + 1, kind);
	if (head + length + 1 > sizeof frame)
		return port_write(frame, head) && port_write(bytes, length) && port_write(",", 1);
	memcpy(frame + head, bytes, length);
	frame[head + length] = ',';
	return port_write(frame, head + length + 1);
}

void transport_write(char kind, const void* bytes, size_t length)
{
	uint64_t begin = port_instructions();
	if (!write_frame(kind, bytes, length))
		exit(EXIT_TRANSPORT);
	spent_here += port_instructions() - begin;
}

uint64_t transport_instructions_elsewhere(void)
{
	return port_instructions() - spent_here;
}
