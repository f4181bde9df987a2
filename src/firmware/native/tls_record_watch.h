/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at the records that go to the TLS library (RFC 8446 section 5.1) and notes alerts. The library passes over
 * warnings and does not tell the number of a fatal one; before the handshake is over every alert ends the connection.
 */
#ifndef LATCHKEY_TLS_RECORD_WATCH_H
#define LATCHKEY_TLS_RECORD_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
} tls_record_watch_t;

void tls_record_watch_begin(tls_record_watch_t* watch);

void tls_record_watch_pass(tls_record_watch_t* watch, const uint8_t* bytes, size_t length);

#endif
