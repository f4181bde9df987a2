/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XS engine as a process that a Node test drives: one request at a time, answers in order.
 *
 *   to the engine                          from the engine
 *   i numbers  create the machine          . bytes  answer
 *   e source   run a program               ! text   exception, the machine goes on
 *   ? bytes    call handleCommand          ~ text   unhandled rejection, before the answer
 *   g          collect and measure         ? bytes  host call, waits for /, | or <
 *   p          reset the peaks
 *   c numbers  cap the growth
 *   b source   bytecode of a program
 *   m source   bytecode of a module
 *   / bytes    answer to a host call
 *   | text     the host call failed: an Error is thrown
 *   < text     the same, a RangeError
 *   q          quit, as end of file
 */
#include "machine.h"

#define EXIT_USAGE 2

static void serve(txMachine* machine, const frame_t* request)
{
	switch (request->kind) {
	case 'e':
		machine_evaluate(machine, request);
		break;
	case '?':
		machine_command(machine, request);
		break;
	case 'g':
		memory_measure(machine);
		break;
	case 'p':
		memory_reset_peaks(machine);
		break;
	case 'c':
		memory_cap(machine, request);
		break;
	case 'b':
	case 'm':
		bytecode_measure(machine, request);
		break;
	default:
		fprintf(stderr, "xs: unexpected request of kind '%c'\n", request->kind);
		exit(EXIT_TRANSPORT);
	}
}

int main(void)
{
	frame_t request;
	platform_open(__builtin_frame_address(0));
	transport_open();
	if (!transport_read(&request))
		return 0;
	txMachine* machine = request.kind == 'i' ? machine_create(&request) : NULL;
	free(request.bytes);
	if (!machine) {
		fprintf(stderr, "xs: expected a request that creates the machine\n");
		return EXIT_USAGE;
	}
	transport_write('.', "", 0);
	while (transport_read(&request) && request.kind != 'q') {
		serve(machine, &request);
		free(request.bytes);
	}
	return 0;
}
