/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request to the machine is one turn, as one callback is on the device: the program or command runs, then the
 * promise jobs it left, then rejections that nobody handled are told, then the answer goes out.
 */
#include "machine.h"
#include "port.h"

#include "xsScript.h"
#include "xs.h"

#ifdef LATCHKEY_NATIVE
/* src/firmware/native: defines the global `native`. */
void latchkey_native_install(xsMachine* the);
#endif

/* Opcodes between two looks at the limit. */
#define METER_INTERVAL 100000u

int source_read(void* stream)
{
	source_t* source = stream;
	return source->offset < source->length ? (unsigned char)source->bytes[source->offset++] : EOF;
}

/* XS's counter is 32 bits: it starts again at each look, and ours goes on. */
static txBoolean check_meter(txMachine* the, txU4 opcodes)
{
	the->opcodes_counted += opcodes;
	the->meterIndex = 0;
	if (!port_is_open())
		exit(0);
	return the->opcodes_counted < the->opcode_limit;
}

static void begin_turn(txMachine* the)
{
	the->opcodes_counted = 0;
	the->instructions_counted = transport_instructions_elsewhere();
	fxBeginMetering(the, check_meter, METER_INTERVAL);
}

static void end_turn(txMachine* the)
{
	while (the->promise_jobs_pending) {
		the->promise_jobs_pending = false;
		fxRunPromiseJobs(the);
	}
	fxEndJob(the);
	fxCheckUnhandledRejections(the, 1);
	the->opcodes_counted += the->meterIndex;
	the->meterIndex = 0;
	the->instructions_counted = transport_instructions_elsewhere() - the->instructions_counted;
}

/* Writes a value as text; one whose conversion throws is named as such. */
static void write_text(xsMachine* the, char kind, xsSlot* value)
{
	xsTry {
		char* text = fxToString(the, value);
		transport_write(kind, text, strlen(text));
	}
	xsCatch {
		static const char unprintable[] = "a value that cannot be converted to a string";
		xsException = xsUndefined;
		transport_write(kind, unprintable, sizeof unprintable - 1);
	}
}

/* Writes what was thrown: an Error as its stack, which begins with name and message; anything else as its text. */
static void write_exception(xsMachine* the, char kind, xsSlot* thrown)
{
	xsTry {
		if (xsIsInstanceOf(*thrown, xsErrorPrototype))
			*thrown = xsGet(*thrown, xsID("stack"));
	}
	xsCatch {
		xsException = xsUndefined;
	}
	write_text(the, kind, thrown);
}

void machine_report_rejection(txMachine* machine)
{
	xsBeginHost(machine);
	xsVars(1);
	xsVar(0) = xsException;
	xsException = xsUndefined;
	write_exception(the, '~', &xsVar(0));
	xsEndHost(machine);
}

/* host.call(ArrayBuffer): asks Node and waits for the answer, however long it takes. */
static void host_call(xsMachine* the)
{
	frame_t answer;
	if (xsToInteger(xsArgc) < 1 || !xsIsInstanceOf(xsArg(0), xsArrayBufferPrototype))
		xsTypeError("host.call: expected an ArrayBuffer");
	transport_write('?', xsToArrayBuffer(xsArg(0)), xsGetArrayBufferLength(xsArg(0)));
	if (!transport_read(&answer) || answer.kind == 'q')
		exit(0);
	bool answered = answer.kind == '/';
	xsTry {
		if (answered)
			xsResult = xsArrayBuffer(answer.bytes, answer.length);
		else
			xsResult = xsStringBuffer(answer.bytes, answer.length);
	}
	xsCatch {
		free(answer.bytes);
		xsThrow(xsException);
	}
	free(answer.bytes);
	if (!answered)
		xsThrow(xsNew1(xsGlobal, xsID(answer.kind == '<' ? "RangeError" : "Error"), xsResult));
}

static void define_host(xsMachine* machine)
{
	xsBeginHost(machine);
	xsVars(2);
	xsVar(0) = xsNewObject();
	xsVar(1) = xsNewHostFunction(host_call, 1);
	xsDefine(xsVar(0), xsID("call"), xsVar(1), xsDontEnum);
	xsDefine(xsGlobal, xsID("host"), xsVar(0), xsDontEnum);
#ifdef LATCHKEY_NATIVE
	latchkey_native_install(the);
#endif
	xsEndHost(machine);
}

txMachine* machine_create(const frame_t* request)
{
	int chunk_bytes, slots, stack_slots, parser_bytes;
	unsigned long long opcode_limit;
	if (sscanf(request->bytes, "%d %d %d %d %llu", &chunk_bytes, &slots, &stack_slots, &parser_bytes, &opcode_limit) != 5)
		return NULL;
	/* An increment that is left out is 0: that heap does not grow. */
	xsCreation creation = {
		.initialChunkSize = chunk_bytes,
		.initialHeapCount = slots,
		.stackCount = stack_slots,
		.initialKeyCount = 2048,
		.incrementalKeyCount = 512,
		.nameModulo = 257,
		.symbolModulo = 127,
		.parserBufferSize = parser_bytes,
		.parserTableModulo = 257,
	};
	fxInitializeSharedCluster();
	txMachine* machine = xsCreateMachine(&creation, "device", NULL);
	machine->opcode_limit = opcode_limit;
	machine->opcodes_counted = 0;
	machine->instructions_counted = 0;
	define_host(machine);
	return machine;
}

static void run_program(txMachine* the, const frame_t* request)
{
	txSlot* program = mxProgram.value.reference;
	txSlot* realm = mxModuleInstanceInternal(program)->value.module.realm;
	source_t source = { request->bytes, 0, request->length };
	txScript* script = fxParseScript(the, &source, source_read, mxProgramFlag);
	fxRunScript(the, script, mxRealmGlobal(realm), C_NULL, mxRealmClosures(realm)->value.reference, C_NULL, program);
}

void machine_evaluate(txMachine* machine, const frame_t* request)
{
	volatile bool thrown = false;
	begin_turn(machine);
	xsBeginHost(machine);
	xsVars(1);
	xsTry {
		run_program(the, request);
		xsVar(0) = fxPop();
	}
	xsCatch {
		thrown = true;
		xsVar(0) = xsException;
		xsException = xsUndefined;
	}
	end_turn(the);
	if (thrown)
		write_exception(the, '!', &xsVar(0));
	else
		write_text(the, '.', &xsVar(0));
	xsEndHost(machine);
}

void machine_command(txMachine* machine, const frame_t* request)
{
	volatile bool thrown = false;
	begin_turn(machine);
	xsBeginHost(machine);
	xsVars(1);
	xsTry {
		xsVar(0) = xsArrayBuffer(request->bytes, request->length);
		xsVar(0) = xsCall1(xsGlobal, xsID("handleCommand"), xsVar(0));
		if (!xsIsInstanceOf(xsVar(0), xsArrayBufferPrototype))
			xsTypeError("handleCommand: expected it to return an ArrayBuffer");
	}
	xsCatch {
		thrown = true;
		xsVar(0) = xsException;
		xsException = xsUndefined;
	}
	end_turn(the);
	if (thrown)
		write_exception(the, '!', &xsVar(0));
	else
		transport_write('.', xsToArrayBuffer(xsVar(0)), xsGetArrayBufferLength(xsVar(0)));
	xsEndHost(machine);
}
