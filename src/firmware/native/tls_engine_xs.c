/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TlsEngine of native.ts: the engine as an object of XS. Exceptions are for misuse only, as one that leaves a socket's
 * callback restarts the chip; everything else is told by `state` and `failure`.
 *
 * A pointer into a buffer of XS is good until XS allocates again: it goes to the engine at once, which copies what it
 * keeps.
 */
#include "tls_engine_xs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tls_engine.h"

/* Roots that one engine takes. */
#define ROOT_BOUND 16

/* Bytes of server name and protocols in all, with a byte at the end of each: they pass through the C stack. */
#define NAMES_BOUND 512u

typedef struct {
	/* NULL after `close`. */
	tls_engine_t* engine;
	/* What is told after it. */
	tls_failure_t failure;
	int alert;
	int depth;
} held_t;

typedef struct {
	char bytes[NAMES_BOUND];
	size_t length;
	const char* protocols[TLS_ENGINE_PROTOCOL_BOUND];
} names_t;

void xs_tls_engine_destructor(void* data)
{
	held_t* held = data;
	if (held == NULL)
		return;
	tls_engine_free(held->engine);
	free(held);
}

/* NULL when there was no memory for it. */
static held_t* held_by(xsMachine* the)
{
	return xsmcGetHostDataValidate(xsThis, (void*)xs_tls_engine_destructor);
}

/* NULL when it is closed. */
static tls_engine_t* engine_of(xsMachine* the)
{
	held_t* held = held_by(the);
	return held == NULL ? NULL : held->engine;
}

/* Not every `this` can hold an engine: `Reflect.construct` makes one of any prototype. */
static bool can_hold(xsMachine* the)
{
	volatile bool can = false;
	xsTry {
		(void)held_by(the);
		can = true;
	}
	xsCatch {
	}
	return can;
}

/* The string in xsVar(0), 1..255 bytes, kept in `names`. */
static const char* keep_name(xsMachine* the, names_t* names)
{
	if (xsmcTypeOf(xsVar(0)) != xsStringType)
		xsTypeError("TlsEngine: expected a string as name");
	size_t left = NAMES_BOUND - names->length;
	size_t room = left < TLS_ENGINE_NAME_BOUND + 1 ? left : TLS_ENGINE_NAME_BOUND + 1;
	if (room < 2)
		xsRangeError("TlsEngine: expected names of 512 bytes in all");
	char* name = names->bytes + names->length;
	xsmcToStringBuffer(xsVar(0), name, (xsIntegerValue)room);
	if (name[0] == '\0')
		xsRangeError("TlsEngine: expected a name, got an empty string");
	names->length += strlen(name) + 1;
	return name;
}

/* Length of the array in xsVar(1). */
static size_t array_length(xsMachine* the, xsIntegerValue least, xsIntegerValue most)
{
	if (xsmcTypeOf(xsVar(1)) != xsReferenceType)
		xsTypeError("TlsEngine: expected an array");
	xsmcGet(xsVar(0), xsVar(1), xsID("length"));
	xsIntegerValue length = xsmcToInteger(xsVar(0));
	if (length < least || length > most)
		xsRangeError("TlsEngine: expected an array of %d..%d, got %d", (int)least, (int)most, (int)length);
	return (size_t)length;
}

static size_t keep_protocols(xsMachine* the, names_t* names)
{
	xsmcGet(xsVar(1), xsArg(0), xsID("applicationLayerProtocolNegotiation"));
	size_t count = array_length(the, 0, TLS_ENGINE_PROTOCOL_BOUND);
	for (size_t at = 0; at < count; at++) {
		xsmcGetIndex(xsVar(0), xsVar(1), (xsIndex)at);
		names->protocols[at] = keep_name(the, names);
	}
	return count;
}

/* Roots are at hand in these, after the two that all else goes through. */
#define ROOT(at) xsVar(2 + (xsIntegerValue)(at))

/*
 * Holds the roots by an array of our own, `this.roots`: those in flash are not copied, and their objects must last as
 * long as the engine. From here on they are at hand without running any JavaScript.
 */
static size_t keep_roots(xsMachine* the)
{
	xsmcGet(xsVar(1), xsArg(0), xsID("roots"));
	size_t count = array_length(the, 1, ROOT_BOUND);
	xsmcVars(2 + (xsIntegerValue)count);
	for (size_t at = 0; at < count; at++)
		xsmcGetIndex(ROOT(at), xsVar(1), (xsIndex)at);
	xsmcSetNewArray(xsVar(1), (xsIntegerValue)count);
	for (size_t at = 0; at < count; at++)
		xsmcSetIndex(xsVar(1), (xsIndex)at, ROOT(at));
	xsmcDefine(xsThis, xsID("roots"), xsVar(1), xsDontDelete | xsDontEnum | xsDontSet);
	return count;
}

/* Throws where a root is no buffer. XS allocates nothing from the first pointer until the engine has been made. */
static void point_at_roots(xsMachine* the, tls_root_t* roots, size_t count)
{
	for (size_t at = 0; at < count; at++) {
		void* bytes;
		xsUnsignedValue length;
		roots[at].lasting = xsmcGetBufferReadable(ROOT(at), &bytes, &length) == xsBufferNonrelocatable;
		roots[at].bytes = bytes;
		roots[at].length = length;
	}
}

void xs_tls_engine(xsMachine* the)
{
	names_t names = { .length = 0 };
	tls_root_t roots[ROOT_BOUND];
	tls_options_t options = { .protocols = names.protocols, .roots = roots };
	xsmcVars(2);
	/* Before anything is made: it would be lost. */
	if (!can_hold(the))
		xsTypeError("TlsEngine: expected an instance of TlsEngine");
	if (xsmcArgc < 1)
		xsTypeError("TlsEngine: expected options");
	xsmcGet(xsVar(0), xsArg(0), xsID("serverName"));
	options.server_name = keep_name(the, &names);
	options.protocol_count = keep_protocols(the, &names);
	options.root_count = keep_roots(the);
	point_at_roots(the, roots, options.root_count);
	held_t* held = calloc(1, sizeof *held);
	if (held == NULL)
		return;
	held->engine = tls_engine_create(&options);
	xsmcSetHostData(xsThis, held);
}

void xs_tls_engine_close(xsMachine* the)
{
	held_t* held = held_by(the);
	if (held == NULL || held->engine == NULL)
		return;
	tls_failure_t failure = tls_engine_failure(held->engine);
	held->failure = failure == TLS_FAILURE_NONE ? TLS_FAILURE_ENDED : failure;
	held->alert = tls_engine_alert(held->engine);
	held->depth = tls_engine_depth(held->engine);
	tls_engine_free(held->engine);
	held->engine = NULL;
}

/* Hands the buffer of the first argument to `take`. */
static void pass_bytes(xsMachine* the, size_t (*take)(tls_engine_t*, const void*, size_t))
{
	void* bytes;
	xsUnsignedValue length;
	if (xsmcArgc < 1)
		xsTypeError("TlsEngine: expected bytes");
	tls_engine_t* engine = engine_of(the);
	xsmcGetBufferReadable(xsArg(0), &bytes, &length);
	xsmcSetInteger(xsResult, engine == NULL ? 0 : (xsIntegerValue)take(engine, bytes, length));
}

void xs_tls_engine_receive(xsMachine* the)
{
	pass_bytes(the, tls_engine_receive);
}

void xs_tls_engine_send(xsMachine* the)
{
	pass_bytes(the, tls_engine_send);
}

/* All that is `waiting` where `limit` is more, nothing where it is below 1 or no number. */
static size_t within_limit(xsNumberValue limit, size_t waiting)
{
	if (!(limit >= 1))
		return 0;
	return limit < (xsNumberValue)waiting ? (size_t)limit : waiting;
}

/* Up to as many bytes as the first argument says, out of `waiting`, as an ArrayBuffer; else undefined. */
static void give_bytes(
	xsMachine* the, size_t (*waiting)(const tls_engine_t*), size_t (*give)(tls_engine_t*, void*, size_t))
{
	void* bytes;
	xsUnsignedValue length;
	/* First, as it may run JavaScript, which may close the engine. */
	xsNumberValue limit = xsmcArgc < 1 ? 0 : xsmcToNumber(xsArg(0));
	tls_engine_t* engine = engine_of(the);
	size_t count = engine == NULL ? 0 : within_limit(limit, waiting(engine));
	if (count == 0)
		return;
	xsmcSetArrayBuffer(xsResult, NULL, (xsIntegerValue)count);
	xsmcGetBufferWritable(xsResult, &bytes, &length);
	give(engine, bytes, length);
}

void xs_tls_engine_produced(xsMachine* the)
{
	give_bytes(the, tls_engine_pending, tls_engine_take);
}

void xs_tls_engine_plain(xsMachine* the)
{
	give_bytes(the, tls_engine_readable, tls_engine_plain);
}

void xs_tls_engine_end(xsMachine* the)
{
	tls_engine_t* engine = engine_of(the);
	if (engine != NULL)
		tls_engine_end(engine);
}

void xs_tls_engine_close_notify(xsMachine* the)
{
	tls_engine_t* engine = engine_of(the);
	if (engine != NULL)
		tls_engine_close_notify(engine);
}

void xs_tls_engine_get_state(xsMachine* the)
{
	tls_engine_t* engine = engine_of(the);
	xsmcSetInteger(xsResult, engine == NULL ? (int)TLS_STATE_FAILED : (int)tls_engine_state(engine));
}

void xs_tls_engine_get_failure(xsMachine* the)
{
	held_t* held = held_by(the);
	if (held == NULL)
		xsmcSetInteger(xsResult, TLS_FAILURE_MEMORY);
	else
		xsmcSetInteger(xsResult, held->engine == NULL ? (int)held->failure : (int)tls_engine_failure(held->engine));
}

void xs_tls_engine_get_alert(xsMachine* the)
{
	held_t* held = held_by(the);
	if (held == NULL)
		xsmcSetInteger(xsResult, -1);
	else
		xsmcSetInteger(xsResult, held->engine == NULL ? held->alert : tls_engine_alert(held->engine));
}

void xs_tls_engine_get_depth(xsMachine* the)
{
	held_t* held = held_by(the);
	if (held == NULL)
		xsmcSetInteger(xsResult, -1);
	else
		xsmcSetInteger(xsResult, held->engine == NULL ? held->depth : tls_engine_depth(held->engine));
}

static void get_size(xsMachine* the, size_t (*size)(const tls_engine_t*))
{
	tls_engine_t* engine = engine_of(the);
	xsmcSetInteger(xsResult, engine == NULL ? 0 : (xsIntegerValue)size(engine));
}

void xs_tls_engine_get_readable(xsMachine* the)
{
	get_size(the, tls_engine_readable);
}

void xs_tls_engine_get_writable(xsMachine* the)
{
	get_size(the, tls_engine_writable);
}

void xs_tls_engine_get_pending(xsMachine* the)
{
	get_size(the, tls_engine_pending);
}

/* XS takes texts as `char*`, and leaves them as they are. */
static void set_text(xsMachine* the, const char* text)
{
	union {
		const char* given;
		char* taken;
	} unchanged = { .given = text };
	xsmcSetString(xsResult, unchanged.taken);
}

static void get_text(xsMachine* the, const char* (*text)(const tls_engine_t*))
{
	tls_engine_t* engine = engine_of(the);
	set_text(the, engine == NULL ? "" : text(engine));
}

void xs_tls_engine_get_version(xsMachine* the)
{
	get_text(the, tls_engine_version);
}

void xs_tls_engine_get_cipher_suite(xsMachine* the)
{
	get_text(the, tls_engine_cipher_suite);
}

void xs_tls_engine_get_protocol(xsMachine* the)
{
	get_text(the, tls_engine_protocol);
}

void xs_tls_library(xsMachine* the)
{
	set_text(the, tls_engine_library());
}
