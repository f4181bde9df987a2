/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process of the host: file descriptor 3 to read, 4 to write; stdout and stderr stay free.
 */
#define _GNU_SOURCE
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

enum { READ_DESCRIPTOR = 3, WRITE_DESCRIPTOR = 4 };

/* Used of the C stack at most, also where the system sets no limit. */
#define C_STACK_BYTES (8u * 1024 * 1024)
/* Left for what runs between two checks of the limit. */
#define C_STACK_MARGIN (256u * 1024)

bool port_open(void)
{
	/* The end of the other side is told by end of file, also when both were started from one terminal. */
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	return fcntl(READ_DESCRIPTOR, F_GETFD) >= 0 && fcntl(WRITE_DESCRIPTOR, F_GETFD) >= 0;
}

size_t port_read(void* bytes, size_t length)
{
	ssize_t taken;
	do
		taken = read(READ_DESCRIPTOR, bytes, length);
	while (taken < 0 && errno == EINTR);
	return taken > 0 ? (size_t)taken : 0;
}

bool port_write(const void* bytes, size_t length)
{
	const char* next = bytes;
	while (length > 0) {
		ssize_t taken = write(WRITE_DESCRIPTOR, next, length);
		if (taken < 0 && errno == EINTR)
			continue;
		if (taken <= 0)
			return false;
		next += taken;
		length -= (size_t)taken;
	}
	return true;
}

bool port_is_open(void)
{
	struct pollfd descriptor = { .fd = READ_DESCRIPTOR, .events = POLLRDHUP };
	int ready;
	do
		ready = poll(&descriptor, 1, 0);
	while (ready < 0 && errno == EINTR);
	return ready == 0;
}

char* port_c_stack_limit(char* base)
{
	struct rlimit limit;
	rlim_t size = C_STACK_BYTES;
	if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < size)
		size = limit.rlim_cur;
	return base - size + C_STACK_MARGIN;
}

uint64_t port_instructions(void)
{
	return 0;
}
