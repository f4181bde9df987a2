/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hooks that XS asks of its platform.
 */
#include "xsAll.h"

#include "machine.h"
#include "port.h"

static char* c_stack_base;

void platform_open(void* c_stack_top)
{
	c_stack_base = c_stack_top;
}

char* fxCStackLimit(void)
{
	return port_c_stack_limit(c_stack_base);
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
