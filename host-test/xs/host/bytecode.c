/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How large a source text is as bytecode, whether or not what it imports is to be had.
 *
 * XS's own compiler xsc makes the same two pieces of it and writes them to a .xsb file: symbols and code, with 36 bytes
 * of headers (one of the file, a version, one for each piece). It uses 16-bit symbols, as the 32-bit engines here
 * do; the 64-bit engine's symbols take 4 bytes each in the code.
 */
#include "machine.h"

#include "xsScript.h"
#include "xs.h"

/* NULL where the source does not compile; `failure` says why then. */
static txScript* compile(txMachine* the, const frame_t* request, char* failure, size_t failure_size)
{
	txParser parser;
	txParserJump jump;
	txScript* volatile script = NULL;
	source_t source = { request->bytes, 0, request->length };
	fxInitializeParser(&parser, the, the->parserBufferSize, the->parserTableModulo);
	parser.firstJump = &jump;
	if (c_setjmp(jump.jmp_buf) == 0) {
		fxParserTree(&parser, &source, source_read, request->kind == 'b' ? mxProgramFlag : 0, NULL);
		fxParserHoist(&parser);
		fxParserBind(&parser);
		script = fxParserCode(&parser);
	}
	/* Of a faulty source the compiler makes a program that throws. */
	if (parser.errorCount > 0) {
		snprintf(failure, failure_size, "line %d: %s", (int)parser.line, parser.errorMessage);
		if (script)
			fxDeleteScript(script);
		script = NULL;
	}
	fxTerminateParser(&parser);
	return script;
}

void bytecode_measure(txMachine* machine, const frame_t* request)
{
	char answer[256] = "the compiler ran out of memory";
	txScript* script = compile(machine, request, answer, sizeof answer);
	if (script) {
		txID symbols;
		txS1* p = script->symbolsBuffer;
		mxDecodeID(p, symbols);
		snprintf(answer, sizeof answer, "{\"codeBytes\":%d,\"symbolBytes\":%d,\"symbols\":%d}",
			(int)script->codeSize, (int)script->symbolsSize, (int)symbols);
		fxDeleteScript(script);
	}
	transport_write(script ? '.' : '!', answer, strlen(answer));
}
