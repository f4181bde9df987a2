/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at the records that go to the TLS library (RFC 8446 section 5.1) and notes alerts, and the beginning of the
 * first record. The library passes over warnings and does not tell the number of a fatal alert; before the handshake
 * is over every alert ends the connection. Nor does it tell a wrong answer to ALPN from other faults of ServerHello.
 */
#ifndef LATCHKEY_TLS_RECORD_WATCH_H
#define LATCHKEY_TLS_RECORD_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As long as a ServerHello of TLS 1.2 gets in practice, and then some. */
#define TLS_FIRST_FRAGMENT_BOUND 192u

typedef struct {
	uint8_t header[5];
	uint8_t header_length;
	/* Bytes of the present record's fragment seen so far. */
	uint16_t fragment_length;
	/* Last fragment bytes of an alert that came in clear: level and number. */
	uint8_t alert[2];
	/* A whole record of type alert has passed. */
	bool alert_seen;
	/* Number of the last alert in clear, else -1. */
	int16_t alert_number;
	/* The first record's fragment, as far as it has come and there is room. */
	uint8_t first[TLS_FIRST_FRAGMENT_BOUND];
	uint8_t first_length;
	bool first_passed;
} tls_record_watch_t;

void tls_record_watch_begin(tls_record_watch_t* watch);

void tls_record_watch_pass(tls_record_watch_t* watch, const uint8_t* bytes, size_t length);

/*
 * Whether the first record is a ServerHello of TLS 1.2 whose ALPN extension (RFC 7301) names a protocol that is not in
 * `protocols`, a list that ends with NULL.
 */
bool tls_record_watch_other_protocol(const tls_record_watch_t* watch, const char* const* protocols);

#endif
