/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The task watchdog, the console and the restart of an ESP32 (chip.ts).
 *
 * The Moddable SDK's main loop feeds the task watchdog whenever it turns (modMessageService). A firmware whose loop turns
 * and that never gets anywhere is seen by a user of its own, which the firmware feeds where it does get somewhere.
 */
#include <stdio.h>

#include "xsmc.h"
#include "xsHost.h"
#include "esp_system.h"
#include "esp_task_wdt.h"

#ifndef mxDebug
static esp_task_wdt_user_handle_t watchdog;
#endif

void xs_chip_start_watchdog(xsMachine *the)
{
#ifndef mxDebug
	if (watchdog == NULL && esp_task_wdt_add_user("latchkey", &watchdog) != ESP_OK) {
		watchdog = NULL;
		xsUnknownError("the task watchdog is off");
	}
#endif
	/* In a debug build the firmware stands still at a breakpoint, and nothing is wrong. */
}

void xs_chip_feed_watchdog(xsMachine *the)
{
#ifndef mxDebug
	if (watchdog != NULL)
		esp_task_wdt_reset_user(watchdog);
#endif
}

void xs_chip_print_line(xsMachine *the)
{
#ifdef mxDebug
	/* The serial port speaks the debugger's protocol. */
	xsTrace(xsmcToString(xsArg(0)));
	xsTrace("\n");
#else
	/* `trace` of a release prints nothing. */
	puts(xsmcToString(xsArg(0)));
#endif
}

void xs_chip_restart(xsMachine *the)
{
	esp_restart();
}
