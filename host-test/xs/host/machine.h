/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one machine of this process: made, given programs and commands, measured.
 */
#ifndef LATCHKEY_MACHINE_H
#define LATCHKEY_MACHINE_H

#include "xsAll.h"

#include "transport.h"

/* The exit code of the process is this plus XS's abort status. */
#define EXIT_ABORT 10

/* Tells the platform where the C stack begins. */
void platform_open(void* c_stack_top);

/*
 * 'i': creates the machine from five numbers: chunk bytes, slots, stack slots, parser bytes, opcodes a request may run.
 * NULL when they cannot be read.
 */
txMachine* machine_create(const frame_t* request);

/* Source text in C memory: it never enters the heap that is being measured. */
typedef struct {
	const char* bytes;
	size_t offset;
	size_t length;
} source_t;

/* A getter for XS's parser over a source_t. */
int source_read(void* stream);

/* 'e': runs a program; answers with its completion value as text. */
void machine_evaluate(txMachine* the, const frame_t* request);

/* '?': calls the program's handleCommand(ArrayBuffer); answers with the ArrayBuffer that it returns. */
void machine_command(txMachine* the, const frame_t* request);

/* A promise was rejected and nobody handled it by the end of the turn: told before the answer. */
void machine_report_rejection(txMachine* the);

/* 'g': collects garbage and answers with the memory in use, as JSON. */
void memory_measure(txMachine* the);

/* 'p': the peaks start again from the memory now in use. */
void memory_reset_peaks(txMachine* the);

/* 'c': from now on the heap grows by that many bytes of chunks and that many slots at most. */
void memory_cap(txMachine* the, const frame_t* request);

/* 'b', 'm': compiles a program or a module, runs nothing, and answers with the size of its bytecode, as JSON. */
void bytecode_measure(txMachine* the, const frame_t* request);

#endif
