/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the firmware needs of Linux in the Moddable SDK's simulator (host.ts). Not part of any firmware for a chip.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xsmc.h"

/* A file of the store holds a credential or a message: more than this is none. */
#define LARGEST_FILE (1 << 20)

static volatile sig_atomic_t watch_code;

/* A copy: the engine may move its strings at any allocation. */
static void path_of(xsMachine *the, xsSlot *slot, char *path)
{
	xsmcToStringBuffer(*slot, path, PATH_MAX);
}

void xs_host_environment(xsMachine *the)
{
	char *value = getenv(xsmcToString(xsArg(0)));
	if (value != NULL)
		xsmcSetString(xsResult, value);
}

void xs_host_print(xsMachine *the)
{
	static bool is_prepared;
	if (!is_prepared) {
		is_prepared = true;
		/* Whoever reads the lines may go, and so may a socket's peer: the firmware runs on. */
		signal(SIGPIPE, SIG_IGN);
		/* The engine's own last words as well. */
		setvbuf(stdout, NULL, _IOLBF, 0);
	}
	fputs(xsmcToString(xsArg(0)), stdout);
	fputc('\n', stdout);
	fflush(stdout);
}

void xs_host_exit(xsMachine *the)
{
	fflush(stdout);
	_exit(xsmcToInteger(xsArg(0)));
}

static void bite(int signal)
{
	(void)signal;
	static const char line[] = "{\"event\":\"watchdog\"}\n";
	if (write(STDOUT_FILENO, line, sizeof line - 1) < 0) {
		/* Nobody reads it; the code tells the same. */
	}
	_exit(watch_code);
}

void xs_host_watch(xsMachine *the)
{
	struct sigaction action = {.sa_handler = bite};
	watch_code = xsmcToInteger(xsArg(1));
	sigaction(SIGALRM, &action, NULL);
	alarm((unsigned int)xsmcToInteger(xsArg(0)));
}

void xs_host_read_file(xsMachine *the)
{
	char path[PATH_MAX];
	path_of(the, &xsArg(0), path);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		if (errno != ENOENT)
			xsUnknownError("the file cannot be opened");
		return;
	}
	struct stat status;
	if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > LARGEST_FILE) {
		close(file);
		xsUnknownError("it is no file of a store");
	}
	size_t size = (size_t)status.st_size, filled = 0;
	char *data = malloc(size + 1);
	while (data != NULL && filled < size) {
		ssize_t count = read(file, data + filled, size - filled);
		if (count <= 0)
			break;
		filled += (size_t)count;
	}
	close(file);
	if (data == NULL || filled < size) {
		free(data);
		xsUnknownError("the file cannot be read");
	}
	xsTry {
		xsmcSetArrayBuffer(xsResult, data, (xsUnsignedValue)size);
	}
	xsCatch {
		free(data);
		xsThrow(xsException);
	}
	free(data);
}

static int write_all(int file, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t count = write(file, data, size);
		if (count < 0)
			return -1;
		data += count;
		size -= (size_t)count;
	}
	return fsync(file);
}

void xs_host_write_file(xsMachine *the)
{
	char path[PATH_MAX], new_path[PATH_MAX + 4];
	void *data;
	xsUnsignedValue size;
	path_of(the, &xsArg(0), path);
	snprintf(new_path, sizeof new_path, "%s.new", path);
	xsmcGetBufferReadable(xsArg(1), &data, &size);
	int file = open(new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (file < 0)
		xsUnknownError("the file cannot be made");
	int failed = write_all(file, data, size);
	if (close(file) != 0 || failed != 0 || rename(new_path, path) != 0)
		xsUnknownError("the file cannot be written");
}

void xs_host_remove_file(xsMachine *the)
{
	char path[PATH_MAX];
	path_of(the, &xsArg(0), path);
	if (unlink(path) != 0 && errno != ENOENT)
		xsUnknownError("the file cannot be removed");
}

void xs_host_make_folder(xsMachine *the)
{
	char path[PATH_MAX];
	path_of(the, &xsArg(0), path);
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		xsUnknownError("the folder cannot be made");
}
