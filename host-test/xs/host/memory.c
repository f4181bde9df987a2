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

void memory_measure(txMachine* the)
{
	char json[512];
	fxCollectGarbage(the);
	int length = snprintf(json, sizeof json,
		"{\"slots\":%d,\"slotsPeak\":%d,\"slotsMaximum\":%d,\"chunkBytes\":%d,\"chunkBytesPeak\":%d,"
		"\"chunkBytesMaximum\":%d,\"keys\":%d,\"slotBytes\":%d,\"opcodes\":%llu}",
		(int)the->currentHeapCount, (int)the->peakHeapCount, (int)the->maximumHeapCount, (int)the->currentChunksSize,
		(int)the->peakChunksSize, (int)the->maximumChunksSize, (int)the->keyIndex, (int)sizeof(txSlot),
		(unsigned long long)the->opcodes_counted);
	transport_write('.', json, (size_t)length);
}

void memory_reset_peaks(txMachine* the)
{
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
