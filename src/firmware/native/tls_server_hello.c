/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a ServerHello of TLS 1.2 (RFC 5246 section 7.4.1.3) as far as its answer to ALPN, to name a failure. Nothing
 * is accepted because of it.
 */
#include <string.h>

#include "tls_record_watch.h"

#define SERVER_HELLO 2u
#define EXTENSION_ALPN 16u

/* Type and length, version, random. */
#define BEFORE_SESSION_ID (4u + 2u + 32u)

static size_t number(const uint8_t* at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* Offset of the extensions, 0 when it has none. */
static size_t extensions_of(const uint8_t* hello, size_t length)
{
	if (length <= BEFORE_SESSION_ID || hello[0] != SERVER_HELLO)
		return 0;
	/* Session id, cipher suite, compression method, length of the extensions. */
	size_t at = BEFORE_SESSION_ID + 1u + hello[BEFORE_SESSION_ID] + 2u + 1u + 2u;
	return at < length ? at : 0;
}

/* A list of one name: two lengths, then the name. */
static bool is_offered(const uint8_t* list, size_t length, const char* const* protocols)
{
	for (; *protocols != NULL; protocols++) {
		size_t name = strlen(*protocols);
		if (length == name + 3 && memcmp(list + 3, *protocols, name) == 0)
			return true;
	}
	return false;
}

bool tls_record_watch_other_protocol(const tls_record_watch_t* watch, const char* const* protocols)
{
	const uint8_t* hello = watch->first;
	size_t at = extensions_of(hello, watch->first_length);
	while (at != 0 && at + 4 <= watch->first_length) {
		size_t length = number(hello + at + 2);
		if (length > watch->first_length - at - 4)
			return false;
		if (number(hello + at) == EXTENSION_ALPN)
			return !is_offered(hello + at + 4, length, protocols);
		at += 4 + length;
	}
	return false;
}
