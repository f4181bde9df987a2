/* SPDX-License-Identifier: Apache-2.0 */
#include "repeatable.h"

#include <stddef.h>
#include <time.h>

int tls_random_repeatable(void* state, unsigned char* to, size_t length);
time_t __wrap_time(time_t* to);

static uint64_t random_state;
static time_t now;

void repeatable_begin(uint32_t time)
{
	random_state = 0;
	now = (time_t)time;
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t next(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

int tls_random_repeatable(void* state, unsigned char* to, size_t length)
{
	(void)state;
	for (size_t at = 0; at < length; at++)
		to[at] = (unsigned char)next();
	return 0;
}

time_t __wrap_time(time_t* to)
{
	if (to != NULL)
		*to = now;
	return now;
}
