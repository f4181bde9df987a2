/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine as a program, for tests: one engine, one request at a time. `native-engine.ts` is the other end.
 *
 * An answer is a number (bytes taken, a status), bytes, the engine's state, and the length of number and bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "allocation.h"
#include "digest.h"
#include "rsa_sign.h"
#include "tls_engine.h"
#include "tls_verify.h"
#include "wire.h"

#ifdef LATCHKEY_TLS_REPEATABLE
#include "../replay/repeatable.h"
#endif

#define NAME_BOUND 300
#define LIST_BOUND 16

static tls_engine_t* engine;
static sha256_stream_t* stream;
/* Roots that are not copied have to last as long as the engine. */
static uint8_t lasting_roots[65536];
static size_t lasting_length;

static void close_engine(void)
{
	tls_engine_free(engine);
	engine = NULL;
	lasting_length = 0;
}

/* Text as the request has it, NUL added. */
static const char* read_name(wire_reader_t* request, char* to)
{
	size_t length = wire_u32(request);
	if (length >= NAME_BOUND)
		exit(2);
	memcpy(to, wire_bytes(request, length), length);
	to[length] = '\0';
	return to;
}

static void read_root(wire_reader_t* request, tls_root_t* root, bool lasting)
{
	root->length = wire_u32(request);
	root->bytes = wire_bytes(request, root->length);
	root->lasting = lasting;
	if (!lasting)
		return;
	if (root->length > sizeof lasting_roots - lasting_length)
		exit(2);
	memcpy(lasting_roots + lasting_length, root->bytes, root->length);
	root->bytes = lasting_roots + lasting_length;
	lasting_length += root->length;
}

static void create(wire_reader_t* request)
{
	static char names[LIST_BOUND + 1][NAME_BOUND];
	const char* protocols[LIST_BOUND];
	tls_root_t roots[LIST_BOUND];
	tls_options_t options = { .protocols = protocols, .roots = roots };
	close_engine();
	uint32_t fail_at = wire_u32(request);
	bool lasting = wire_u8(request) != 0;
	options.server_name = read_name(request, names[LIST_BOUND]);
	options.protocol_count = wire_u8(request) % (LIST_BOUND + 1);
	for (size_t at = 0; at < options.protocol_count; at++)
		protocols[at] = read_name(request, names[at]);
	options.root_count = wire_u8(request) % (LIST_BOUND + 1);
	for (size_t at = 0; at < options.root_count; at++)
		read_root(request, &roots[at], lasting);
	allocation_fail_at(fail_at);
	engine = tls_engine_create(&options);
}

static void put_state(void)
{
	wire_put_u8((uint8_t)(engine == NULL ? TLS_STATE_FAILED : tls_engine_state(engine)));
	wire_put_u8((uint8_t)(engine == NULL ? TLS_FAILURE_ENDED : tls_engine_failure(engine)));
	wire_put_u32((uint32_t)(engine == NULL ? -1 : tls_engine_alert(engine)));
	wire_put_u32((uint32_t)(engine == NULL ? -1 : tls_engine_depth(engine)));
	wire_put_u32((uint32_t)(engine == NULL ? 0 : tls_engine_readable(engine)));
	wire_put_u32((uint32_t)(engine == NULL ? 0 : tls_engine_writable(engine)));
	wire_put_u32((uint32_t)(engine == NULL ? 0 : tls_engine_pending(engine)));
	wire_put_u32((uint32_t)allocation_count());
	wire_put_u32((uint32_t)allocation_bytes());
	wire_put_u32((uint32_t)allocation_bytes_peak());
	wire_put_text(engine == NULL ? "" : tls_engine_version(engine));
	wire_put_text(engine == NULL ? "" : tls_engine_cipher_suite(engine));
	wire_put_text(engine == NULL ? "" : tls_engine_protocol(engine));
	wire_put_text(tls_engine_library());
}

/* A request for the engine alone: the number to answer with. */
static uint32_t drive(uint8_t kind, wire_reader_t* request)
{
	if (engine == NULL)
		return 0;
	switch (kind) {
	case 'r':
		return (uint32_t)tls_engine_receive(engine, request->at, request->left);
	case 's':
		return (uint32_t)tls_engine_send(engine, request->at, request->left);
	case 'e':
		tls_engine_end(engine);
		return 0;
	case 'c':
		tls_engine_close_notify(engine);
		return 0;
	default:
		return 0;
	}
}

/* Bytes that the engine gives, up to a limit. */
static void put_bytes(size_t (*give)(tls_engine_t*, void*, size_t), size_t limit)
{
	size_t count = 0;
	uint8_t* space = wire_put_space(limit);
	if (engine != NULL)
		count = give(engine, space, limit);
	wire_drop(limit - count);
}

static void sign(wire_reader_t* request)
{
	size_t key_length = wire_u32(request);
	const uint8_t* key = wire_bytes(request, key_length);
	uint8_t signature[RSA_SIGNATURE_BOUND];
	size_t length;
	wire_put_u32(rsa_sign_sha256(key, key_length, request->at, request->left, signature, &length));
	memcpy(wire_put_space(length), signature, length);
}

/* In a driver whose random numbers and clock are the test's: begins them anew. */
static void begin(wire_reader_t* request)
{
	uint32_t time = wire_u32(request);
#ifdef LATCHKEY_TLS_REPEATABLE
	repeatable_begin(time);
#else
	(void)time;
#endif
}

static void close_stream(void)
{
	sha256_stream_free(stream);
	stream = NULL;
}

/* Whether there is one now; its first allocation may be told to fail. */
static uint32_t begin_stream(wire_reader_t* request)
{
	close_stream();
	allocation_fail_at(wire_u32(request));
	stream = sha256_stream_create();
	return stream != NULL;
}

/* A request for the stream alone; 0 where it was refused, or there is none. */
static uint32_t feed_stream(wire_reader_t* request)
{
	return stream != NULL && sha256_stream_update(stream, request->at, request->left);
}

static void finish_stream(void)
{
	uint8_t* digest = wire_put_space(SHA256_LENGTH);
	wire_put_u8(stream != NULL && sha256_stream_finish(stream, digest));
}

static uint32_t matches(wire_reader_t* request)
{
	char name[NAME_BOUND];
	read_name(request, name);
	return tls_name_matches(request->at, request->left, name);
}

static void answer(uint8_t kind, wire_reader_t* request)
{
	size_t count;
	switch (kind) {
	case 'p':
	case 'l':
		count = wire_u32(request);
		wire_put_u32(0);
		put_bytes(kind == 'p' ? tls_engine_take : tls_engine_plain, count);
		break;
	case 'k':
		sign(request);
		break;
	case 't':
		begin(request);
		wire_put_u32(0);
		break;
	case 'm':
		wire_put_u32(matches(request));
		break;
	case 'h':
		wire_put_u32(0);
		wire_put_u8(digest_sha256(request->at, request->left, wire_put_space(SHA256_LENGTH)));
		break;
	case 'H':
		wire_put_u32(0);
		wire_put_u8(digest_sha512(request->at, request->left, wire_put_space(SHA512_LENGTH)));
		break;
	case 'b':
		wire_put_u32(begin_stream(request));
		break;
	case 'u':
		wire_put_u32(feed_stream(request));
		break;
	case 'f':
		wire_put_u32(0);
		finish_stream();
		break;
	case 'd':
		close_stream();
		wire_put_u32(0);
		break;
	case 'g':
		count = wire_u32(request);
		wire_put_u32(0);
		wire_put_u8(random_bytes(wire_put_space(count), count));
		break;
	default:
		wire_put_u32(drive(kind, request));
	}
}

/* The state is as the request left it, so it follows what the request gave; at the end, where it begins. */
static void serve(wire_reader_t* request)
{
	uint8_t kind = wire_u8(request);
	if (kind == 'n')
		create(request);
	else if (kind == 'x')
		close_engine();
	wire_begin_answer();
	answer(kind, request);
	size_t length = wire_length();
	put_state();
	wire_put_u32((uint32_t)length);
	wire_send_answer();
}

int main(void)
{
	wire_reader_t request;
	while (wire_next(&request))
		serve(&request);
	close_engine();
	close_stream();
	return 0;
}
