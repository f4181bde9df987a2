/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What XS wants to know of the platform it runs on: a hosted C library, little endian, one thread.
 */
#ifndef LATCHKEY_XS_PLATFORM_H
#define LATCHKEY_XS_PLATFORM_H

#undef mxLittleEndian
#define mxLittleEndian 1

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef PATH_MAX
#define PATH_MAX 1024
#endif

#define mxExport extern
#define mxImport extern
#define XS_FUNCTION_NORETURN __attribute__((noreturn))

typedef int txSocket;
#define mxNoSocket -1

/* Members added to every txMachine. The waiter members are asked for by XS; the rest is ours (platform.c, machine.c). */
#define mxMachinePlatform \
	void* waiterCondition; \
	void* waiterData; \
	void* waiterLink; \
	bool promise_jobs_pending; \
	uint64_t opcodes_counted; \
	uint64_t opcode_limit; \
	uint64_t instructions_counted;

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1
#define mxUseDefaultChunkAllocation 1
#define mxUseDefaultSlotAllocation 1
#define mxUseDefaultCStackLimit 0

#if INTPTR_MAX == INT64_MAX
#define mx32bitID 1
#endif

#endif
