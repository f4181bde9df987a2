/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repeatable.h"

#define RECORDING_BOUND 65536

static const uint8_t connect[] = "CONNECT of a session";

static void require(bool condition, const char* what)
{
	if (condition)
		return;
	fprintf(stderr, "session: %s\n", what);
	abort();
}

static uint32_t number_at(const uint8_t* bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

recording_t recording_read(const char* path)
{
	static uint8_t bytes[RECORDING_BOUND];
	FILE* file = fopen(path, "rb");
	require(file != NULL, "expected a recording");
	size_t length = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	require(length > 8 && number_at(bytes + 4) <= length - 8, "expected a whole recording");
	recording_t recording = { .time = number_at(bytes), .root = bytes + 8, .root_length = number_at(bytes + 4) };
	recording.sent = recording.root + recording.root_length;
	recording.sent_length = length - 8 - recording.root_length;
	return recording;
}

/* Before it is open, no record of application data may be among what the client sends. */
static void look_for_data(const uint8_t* bytes, size_t length)
{
	size_t at = 0;
	while (at + 5 <= length) {
		require(bytes[at] != 23, "application data before it was open");
		at += 5 + ((size_t)bytes[at + 3] << 8 | bytes[at + 4]);
	}
	require(at == length, "output that does not end with a record");
}

static void move_out(tls_engine_t* engine, const session_t* session)
{
	static uint8_t output[65536];
	size_t pending = tls_engine_pending(engine);
	require(pending <= sizeof output, "output beyond its bound");
	require(tls_engine_take(engine, output, sizeof output) == pending, "pending is not what can be taken");
	if (!session->opened)
		look_for_data(output, pending);
}

static void read_plain(tls_engine_t* engine, session_t* session)
{
	static uint8_t plain[1000];
	while (tls_engine_readable(engine) > 0) {
		require(session->opened, "plaintext before it was open");
		size_t count = tls_engine_plain(engine, plain, sizeof plain);
		require(count > 0, "readable, and nothing can be read");
		for (size_t at = 0; at < count; at++)
			session->read_sum = (session->read_sum ^ plain[at]) * 0x100000001b3u;
		session->read += count;
	}
}

/* Everything that a device does after each piece of input. */
static void work(tls_engine_t* engine, session_t* session, size_t taken)
{
	bool open = tls_engine_state(engine) == TLS_STATE_OPEN || tls_engine_state(engine) == TLS_STATE_PEER_CLOSED;
	require(session->opened || !open || session->failure == TLS_FAILURE_NONE, "open after a failure");
	if (open && !session->opened) {
		/* The last flight of the handshake is not yet data. */
		move_out(engine, session);
		session->opened = true;
		session->taken_to_open = taken;
	}
	size_t sent = tls_engine_send(engine, connect, sizeof connect);
	require(sent == 0 || session->opened, "sent before it was open");
	move_out(engine, session);
	read_plain(engine, session);
	session->state = tls_engine_state(engine);
	session->failure = tls_engine_failure(engine);
	require((session->state == TLS_STATE_FAILED) == (session->failure != TLS_FAILURE_NONE), "failed without a reason");
}

static bool is_over(const session_t* session)
{
	return session->state == TLS_STATE_FAILED || session->state == TLS_STATE_PEER_CLOSED;
}

static void feed(tls_engine_t* engine, session_t* session, const uint8_t* bytes, size_t length, size_t before)
{
	size_t done = 0;
	while (done < length && !is_over(session)) {
		size_t taken = tls_engine_receive(engine, bytes + done, length - done);
		done += taken;
		work(engine, session, before + done);
		require(taken > 0 || is_over(session), "takes nothing, and is not over");
	}
}

session_t session_play(const recording_t* recording, const uint8_t* bytes, size_t length, size_t piece)
{
	static const char* const protocols[] = { "mqtt" };
	const tls_root_t root = { recording->root, recording->root_length, true };
	const tls_options_t options = { SESSION_SERVER_NAME, protocols, 1, &root, 1 };
	session_t session = { .read_sum = 0xcbf29ce484222325u };
	repeatable_begin(recording->time);
	tls_engine_t* engine = tls_engine_create(&options);
	work(engine, &session, 0);
	for (size_t at = 0; at < length && !is_over(&session); at += piece)
		feed(engine, &session, bytes + at, piece < length - at ? piece : length - at, at);
	tls_engine_end(engine);
	work(engine, &session, length);
	require(is_over(&session), "TCP has ended, and it is not over");
	tls_engine_free(engine);
	return session;
}
