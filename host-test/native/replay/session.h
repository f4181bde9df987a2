/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client that tries to send at every moment, and a server's bytes played to it. Whatever they are: nothing is sent
 * or read before it is open, and the engine's own figures hold together. A breach ends the program (abort).
 */
#ifndef LATCHKEY_TEST_SESSION_H
#define LATCHKEY_TEST_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tls_engine.h"

/* A recording: time (4 bytes, big-endian), length of the root (4), root (DER), what the server sent. */
typedef struct {
	uint32_t time;
	const uint8_t* root;
	size_t root_length;
	const uint8_t* sent;
	size_t sent_length;
} recording_t;

typedef struct {
	bool opened;
	/* Bytes of the server's that were taken when it opened. */
	size_t taken_to_open;
	tls_state_t state;
	tls_failure_t failure;
	/* Plaintext that was read, and a sum of it (FNV-1a, for every length). */
	size_t read;
	uint64_t read_sum;
} session_t;

/* The server's name in every recording. */
#define SESSION_SERVER_NAME "device.latchkey.test"

/* Reads a recording into memory that stays; ends the program when it is none. */
recording_t recording_read(const char* path);

/* Plays `bytes` in pieces of `piece` bytes to a new client of the recording's time and root, then ends TCP. */
session_t session_play(const recording_t* recording, const uint8_t* bytes, size_t length, size_t piece);

#endif
