/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that XS asks of its platform, for a native process.
 */
#define _GNU_SOURCE
#include "xsAll.h"

#include "machine.h"
#include "transport.h"

#include <sys/resource.h>

/* Used of the C stack at most, also where the system sets no limit. */
#define C_STACK_BYTES (8u * 1024 * 1024)
/* Left for what runs between two checks of the limit. */
#define C_STACK_MARGIN (256u * 1024)

static char* c_stack_base;

void platform_open(void* c_stack_top)
{
	c_stack_base = c_stack_top;
}

char* fxCStackLimit(void)
{
	struct rlimit limit;
	rlim_t size = C_STACK_BYTES;
	if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < size)
		size = limit.rlim_cur;
	return c_stack_base - size + C_STACK_MARGIN;
}

void fxCreateMachinePlatform(txMachine* the)
{
	the->promise_jobs_pending = false;
}

void fxDeleteMachinePlatform(txMachine* the)
{
	(void)the;
}

void fxQueuePromiseJobs(txMachine* the)
{
	the->promise_jobs_pending = true;
}

/* Programs are bundles: an import finds nothing. */
txID fxFindModule(txMachine* the, txSlot* realm, txID module, txSlot* name)
{
	(void)the, (void)realm, (void)module, (void)name;
	return XS_NO_ID;
}

void fxLoadModule(txMachine* the, txSlot* module, txID id)
{
	(void)the, (void)module, (void)id;
}

void fxAbort(txMachine* the, int status)
{
	if (status == XS_UNHANDLED_REJECTION_EXIT)
		machine_report_rejection(the);
	else
		exit(EXIT_ABORT + status);
}
