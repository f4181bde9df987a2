/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the machine's memory holds, and a cap on what it may still take.
 *
 * On the device built-ins and bytecode lie in flash, here in the heap: so a cap is set after the program was loaded,
 * on the growth alone.
 */
#include "machine.h"

#include "xsScript.h"
#include "xs.h"

#ifdef LATCHKEY_NATIVE
#include "mbedtls/c_heap.h"
#endif

typedef struct {
	char text[768];
	size_t length;
} json_t;

static void add(json_t* json, const char* name, unsigned long long value)
{
	json->length += (size_t)snprintf(json->text + json->length, sizeof json->text - json->length, "%c\"%s\":%llu",
		json->length == 0 ? '{' : ',', name, value);
}

void memory_measure(txMachine* the)
{
	json_t json = { .length = 0 };
	fxCollectGarbage(the);
	add(&json, "slots", the->currentHeapCount);
	add(&json, "slotsPeak", the->peakHeapCount);
	add(&json, "slotsMaximum", the->maximumHeapCount);
	add(&json, "chunkBytes", the->currentChunksSize);
	add(&json, "chunkBytesPeak", the->peakChunksSize);
	add(&json, "chunkBytesMaximum", the->maximumChunksSize);
	add(&json, "keys", the->keyIndex);
	add(&json, "slotBytes", sizeof(txSlot));
	add(&json, "opcodes", the->opcodes_counted);
	/* The counter is at 0 only where there is none. */
	if (the->instructions_counted > 0)
		add(&json, "instructions", the->instructions_counted);
#ifdef LATCHKEY_NATIVE
	add(&json, "cHeapBytes", c_heap_bytes());
	add(&json, "cHeapBytesPeak", c_heap_bytes_peak());
#endif
	json.text[json.length++] = '}';
	transport_write('.', json.text, json.length);
}

void memory_reset_peaks(txMachine* the)
{
#ifdef LATCHKEY_NATIVE
	c_heap_reset_peak();
#endif
	the->peakHeapCount = the->currentHeapCount;
	the->peakChunksSize = the->currentChunksSize;
	transport_write('.', "", 0);
}

static int count_free_slots(txMachine* the)
{
	int count = 0;
	for (txSlot* slot = the->freeHeap; slot; slot = slot->next)
		count++;
	return count;
}

/* Takes slots out of use: a chain that a root of the collector, outside of the heap, holds for good. */
static void hold_slots(txMachine* machine, int count)
{
	txSlot* ballast = malloc(sizeof *ballast);
	xsBeginHost(machine);
	xsResult = xsNewObject();
	*ballast = xsResult;
	fxRemember(the, ballast);
	txSlot* last = ballast->value.reference;
	/* One is the object itself. */
	for (int held = 1; held < count; held++)
		last = last->next = fxNewSlot(the);
	xsEndHost(machine);
}

static const char* cap(txMachine* the, int chunk_bytes, int slots)
{
	fxCollectGarbage(the);
	/* A heap that does not grow has one block. */
	txBlock* block = the->firstBlock;
	if (block->limit - block->current < chunk_bytes)
		return "cap: fewer chunk bytes are free than the cap would allow";
	int surplus = count_free_slots(the) - slots;
	if (surplus < 0)
		return "cap: fewer slots are free than the cap would allow";
	if (surplus > 0)
		hold_slots(the, surplus);
	block->limit = block->current + chunk_bytes;
	return NULL;
}

void memory_cap(txMachine* the, const frame_t* request)
{
	int chunk_bytes, slots;
	const char* failure = "cap: expected two numbers";
	if (sscanf(request->bytes, "%d %d", &chunk_bytes, &slots) == 2 && chunk_bytes >= 0 && slots >= 0)
		failure = cap(the, chunk_bytes, slots);
	if (failure)
		transport_write('!', failure, strlen(failure));
	else
		transport_write('.', "", 0);
}
