/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay RECORDING [once | all]: plays a recorded connection whole, cut off at every byte, and with a bit changed in
 * every byte (with `all`: each of its eight; with `once`: whole, and that is all). Prints what it found, or what is
 * wrong and ends with 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

static recording_t recording;
static session_t genuine;
static uint8_t changed[65536];
static unsigned failures[32];

static void wrong(const char* what, size_t at)
{
	printf("%s at byte %zu\n", what, at);
	exit(1);
}

/* The version in a record's header says nothing (RFC 8446 section 5.1) and nobody signs it in the handshake. */
static bool is_record_version(size_t position)
{
	size_t at = 0;
	while (at + 5 <= recording.sent_length && at <= position) {
		if (position == at + 1 || position == at + 2)
			return true;
		at += 5 + ((size_t)recording.sent[at + 3] << 8 | recording.sent[at + 4]);
	}
	return false;
}

static void play_genuine(size_t piece)
{
	genuine = session_play(&recording, recording.sent, recording.sent_length, piece);
	if (!genuine.opened || genuine.read == 0 || genuine.state != TLS_STATE_PEER_CLOSED)
		wrong("the recording itself is not accepted", genuine.failure);
}

static void play_cut_off(void)
{
	for (size_t length = 0; length < recording.sent_length; length++) {
		session_t cut = session_play(&recording, recording.sent, length, length + 1);
		if (cut.opened != (length >= genuine.taken_to_open) || cut.failure != TLS_FAILURE_TRUNCATED)
			wrong("cut off, and not told as truncated", length);
	}
}

static void play_changed(size_t position, unsigned bit)
{
	memcpy(changed, recording.sent, recording.sent_length);
	changed[position] ^= (uint8_t)(1u << bit);
	session_t session = session_play(&recording, changed, recording.sent_length, recording.sent_length);
	failures[session.failure]++;
	if (is_record_version(position) && position < genuine.taken_to_open)
		return;
	if (session.failure == TLS_FAILURE_NONE)
		wrong("changed, and accepted", position);
	if (session.opened && position < genuine.taken_to_open)
		wrong("changed, and opened", position);
	if (session.read > 0 && session.read_sum != genuine.read_sum)
		wrong("changed, and read", position);
}

int main(int count, char** arguments)
{
	if (count < 2)
		return 2;
	const char* how = count > 2 ? arguments[2] : "";
	bool all = strcmp(how, "all") == 0;
	recording = recording_read(arguments[1]);
	play_genuine(recording.sent_length);
	/* The last one stays: it tells the very byte at which the connection opened. */
	play_genuine(1);
	if (strcmp(how, "once") == 0)
		return 0;
	play_cut_off();
	for (size_t at = 0; at < recording.sent_length; at++)
		for (unsigned bit = all ? 0 : at % 8; bit < 8; bit += all ? 1 : 8)
			play_changed(at, bit);
	printf("{\"bytes\":%zu,\"handshake\":%zu,\"failures\":{", recording.sent_length, genuine.taken_to_open);
	const char* separator = "";
	for (unsigned failure = 0; failure < sizeof failures / sizeof failures[0]; failure++) {
		if (failures[failure] == 0)
			continue;
		printf("%s\"%u\":%u", separator, failure, failures[failure]);
		separator = ",";
	}
	printf("}}\n");
	return 0;
}
