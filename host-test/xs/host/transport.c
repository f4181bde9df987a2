/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport of a native process: file descriptor 3 to read, 4 to write; stdout and stderr stay free.
 */
#define _GNU_SOURCE
#include "transport.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

enum { READ_DESCRIPTOR = 3, WRITE_DESCRIPTOR = 4 };

static FILE* input;
static FILE* output;

static void fail(const char* what)
{
	fprintf(stderr, "xs: %s\n", what);
	exit(EXIT_TRANSPORT);
}

void transport_open(void)
{
	/* The end of the other side is told by end of file, also when both were started from one terminal. */
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	input = fdopen(READ_DESCRIPTOR, "rb");
	output = fdopen(WRITE_DESCRIPTOR, "wb");
	if (!input || !output)
		fail("expected pipes at file descriptors 3 and 4");
}

bool transport_read(frame_t* frame)
{
	size_t length;
	int fields = fscanf(input, "%9zu", &length);
	if (fields == EOF)
		return false;
	if (fields != 1 || length == 0 || fgetc(input) != ':')
		fail("malformed frame");
	int kind = fgetc(input);
	frame->length = length - 1;
	frame->bytes = malloc(length);
	if (!frame->bytes)
		fail("no memory for a frame");
	if (fread(frame->bytes, 1, frame->length, input) != frame->length || fgetc(input) != ',')
		fail("truncated frame");
	frame->kind = (char)kind;
	frame->bytes[frame->length] = 0;
	return true;
}

void transport_write(char kind, const void* bytes, size_t length)
{
	fprintf(output, "%zu:%c", length + 1, kind);
	fwrite(bytes, 1, length, output);
	fputc(',', output);
	if (fflush(output) != 0)
		exit(EXIT_TRANSPORT);
}

bool transport_is_open(void)
{
	struct pollfd descriptor = { .fd = READ_DESCRIPTOR, .events = POLLRDHUP };
	int ready;
	do
		ready = poll(&descriptor, 1, 0);
	while (ready < 0 && errno == EINTR);
	return ready == 0;
}
