/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_output.h"

#include <stdlib.h>
#include <string.h>

/* A ClientHello and the second flight fit without growing. */
#define FIRST_CAPACITY 512u

static bool make_room(tls_output_t* output, size_t length)
{
	if (output->capacity - output->start - output->length >= length)
		return true;
	size_t capacity = output->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : output->capacity;
	while (capacity < output->length + length)
		capacity *= 2;
	uint8_t* bytes = malloc(capacity);
	if (bytes == NULL)
		return false;
	if (output->length > 0)
		memcpy(bytes, output->bytes + output->start, output->length);
	free(output->bytes);
	output->bytes = bytes;
	output->capacity = capacity;
	output->start = 0;
	return true;
}

bool tls_output_append(tls_output_t* output, const uint8_t* bytes, size_t length)
{
	if (length == 0)
		return true;
	if (!make_room(output, length))
		return false;
	memcpy(output->bytes + output->start + output->length, bytes, length);
	output->length += length;
	return true;
}

size_t tls_output_take(tls_output_t* output, void* to, size_t limit)
{
	size_t count = limit < output->length ? limit : output->length;
	if (count == 0)
		return 0;
	memcpy(to, output->bytes + output->start, count);
	output->start += count;
	output->length -= count;
	if (output->length == 0)
		tls_output_free(output);
	return count;
}

void tls_output_free(tls_output_t* output)
{
	free(output->bytes);
	memset(output, 0, sizeof *output);
}
