/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_engine.h"

#include <string.h>

#include "tls_engine_state.h"
#include "tls_error.h"

/* What a record adds to its plaintext, at most: header, explicit nonce and tag of AES-GCM (29), rounded up. */
#define RECORD_OVERHEAD 64u

/* The output may pass its bound by the alerts that end a connection. */
#define OUTPUT_LIMIT (TLS_ENGINE_OUTPUT_BOUND + 4 * RECORD_OVERHEAD)

void tls_engine_fail(tls_engine_t* engine, tls_failure_t failure)
{
	if (engine->state == TLS_STATE_FAILED)
		return;
	engine->state = TLS_STATE_FAILED;
	engine->failure = failure;
}

/* The library's call for ciphertext. */
int tls_engine_give_input(void* context, unsigned char* to, size_t limit)
{
	tls_engine_t* engine = context;
	size_t count = limit < engine->input_length ? limit : engine->input_length;
	if (count == 0)
		return MBEDTLS_ERR_SSL_WANT_READ;
	memcpy(to, engine->input, count);
	tls_record_watch_pass(&engine->watch, engine->input, count);
	engine->input += count;
	engine->input_length -= count;
	return (int)count;
}

/* The library's ciphertext. */
int tls_engine_keep_output(void* context, const unsigned char* bytes, size_t length)
{
	tls_engine_t* engine = context;
	if (engine->output.length + length > OUTPUT_LIMIT)
		return MBEDTLS_ERR_SSL_WANT_WRITE;
	if (!tls_output_append(&engine->output, bytes, length))
		return MBEDTLS_ERR_SSL_ALLOC_FAILED;
	return (int)length;
}

/* The chain's faults first: the library's number says no more than that there are some. */
static void fail_handshake(tls_engine_t* engine, int result)
{
	if (result == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED || result == MBEDTLS_ERR_SSL_BAD_CERTIFICATE) {
		uint32_t flags = mbedtls_ssl_get_verify_result(&engine->ssl);
		tls_failure_t failure = flags == UINT32_MAX
			? TLS_FAILURE_NONE : tls_verification_failure(&engine->verification, flags, &engine->depth);
		tls_engine_fail(engine, failure == TLS_FAILURE_NONE ? TLS_FAILURE_CERTIFICATE_FORMAT : failure);
		return;
	}
	tls_failure_t failure = tls_error_failure(result, true);
	/* After the chain the one thing left to be read as DER is the server's signature. */
	if (failure == TLS_FAILURE_CERTIFICATE_FORMAT && engine->verification.seen)
		failure = TLS_FAILURE_SIGNATURE;
	bool alpn = failure == TLS_FAILURE_PROTOCOL && engine->protocols[0] != NULL &&
		tls_record_watch_other_protocol(&engine->watch, engine->protocols);
	tls_engine_fail(engine, alpn ? TLS_FAILURE_ALPN : failure);
}

static bool agreed_on_protocol(const tls_engine_t* engine)
{
	return engine->protocols[0] == NULL || mbedtls_ssl_get_alpn_protocol(&engine->ssl) != NULL;
}

/* The library is content; these are the conditions that it leaves to us. */
static void open(tls_engine_t* engine)
{
	if (mbedtls_ssl_get_verify_result(&engine->ssl) != 0 || engine->verification.flags != 0) {
		tls_engine_fail(engine, tls_verification_failure(
			&engine->verification, mbedtls_ssl_get_verify_result(&engine->ssl), &engine->depth));
	} else if (!agreed_on_protocol(engine)) {
		mbedtls_ssl_send_alert_message(&engine->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
			MBEDTLS_SSL_ALERT_MSG_NO_APPLICATION_PROTOCOL);
		tls_engine_fail(engine, TLS_FAILURE_ALPN);
	} else {
		engine->state = TLS_STATE_OPEN;
	}
}

/* TLS 1.3: the library has handled a ticket, which we did not ask for and drop, and wants to be called again. */
static bool is_ticket(int result)
{
#ifdef MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
	return result == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET;
#else
	(void)result;
	return false;
#endif
}

static bool is_wait(int result)
{
	return result == MBEDTLS_ERR_SSL_WANT_READ || is_ticket(result);
}

static void note_alert(tls_engine_t* engine)
{
	if (engine->failure == TLS_FAILURE_ALERT || engine->failure == TLS_FAILURE_EARLY_CLOSE)
		engine->alert = engine->watch.alert_number;
}

/*
 * Whether the handshake ends because of an alert, whatever the library makes of it: passes over it as a warning, or
 * does not understand it. Anyone on the way could have put it there. How close_notify is told is left to the library,
 * and a record of another length than an alert's is none.
 */
static bool is_alerted(const tls_engine_t* engine, bool failed, int result)
{
	tls_failure_t failure = tls_error_failure(result, true);
	if (!engine->watch.alert_seen || failure == TLS_FAILURE_EARLY_CLOSE)
		return false;
	if (!failed || engine->watch.alert_number >= 0)
		return true;
	return failure == TLS_FAILURE_PROTOCOL && result != MBEDTLS_ERR_SSL_INVALID_RECORD;
}

static void shake_hands(tls_engine_t* engine)
{
	int result = mbedtls_ssl_handshake(&engine->ssl);
	bool failed = result != 0 && !is_wait(result);
	if (is_alerted(engine, failed, result))
		tls_engine_fail(engine, TLS_FAILURE_ALERT);
	else if (failed)
		fail_handshake(engine, result);
	else if (result == 0)
		open(engine);
	note_alert(engine);
}

/*
 * Handles records until one with plaintext, which stays in the library's own buffer. Returns whether there may be more
 * to do without any input.
 */
static bool read_record(tls_engine_t* engine)
{
	unsigned char nothing;
	size_t sent = engine->output.length;
	int result = mbedtls_ssl_read(&engine->ssl, &nothing, 0);
	if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
		engine->state = TLS_STATE_PEER_CLOSED;
	else if (result < 0 && !is_wait(result))
		tls_engine_fail(engine, tls_error_failure(result, false));
	else if (engine->output.length != sent)
		/* The library has only refused the renegotiation that was asked for. */
		tls_engine_fail(engine, TLS_FAILURE_PROTOCOL);
	note_alert(engine);
	return is_ticket(result) || mbedtls_ssl_check_pending(&engine->ssl) != 0;
}

static bool takes_input(const tls_engine_t* engine)
{
	return engine->state == TLS_STATE_HANDSHAKING ||
		(engine->state == TLS_STATE_OPEN && tls_engine_readable(engine) == 0);
}

/* A call that waits may leave input behind, and a record may hold several messages: goes on while there is progress. */
void tls_engine_advance(tls_engine_t* engine)
{
	size_t before;
	bool more;
	do {
		before = engine->input_length;
		more = false;
		if (engine->state == TLS_STATE_HANDSHAKING)
			shake_hands(engine);
		else
			more = read_record(engine);
	} while (takes_input(engine) && (more || engine->input_length < before));
}

size_t tls_engine_receive(tls_engine_t* engine, const void* bytes, size_t length)
{
	if (length == 0 || !takes_input(engine))
		return 0;
	engine->input = bytes;
	engine->input_length = length;
	tls_engine_advance(engine);
	size_t left = engine->input_length;
	engine->input = NULL;
	engine->input_length = 0;
	return length - left;
}

void tls_engine_end(tls_engine_t* engine)
{
	if (engine->state == TLS_STATE_HANDSHAKING || engine->state == TLS_STATE_OPEN)
		tls_engine_fail(engine, TLS_FAILURE_TRUNCATED);
}

size_t tls_engine_pending(const tls_engine_t* engine)
{
	return engine->output.length;
}

size_t tls_engine_take(tls_engine_t* engine, void* to, size_t limit)
{
	return tls_output_take(&engine->output, to, limit);
}

size_t tls_engine_readable(const tls_engine_t* engine)
{
	/* What was in an authentic record before the connection broke off can still be read. */
	return mbedtls_ssl_get_bytes_avail(&engine->ssl);
}

size_t tls_engine_plain(tls_engine_t* engine, void* to, size_t limit)
{
	size_t readable = tls_engine_readable(engine);
	size_t count = limit < readable ? limit : readable;
	if (count == 0)
		return 0;
	int result = mbedtls_ssl_read(&engine->ssl, to, count);
	return result > 0 ? (size_t)result : 0;
}

static size_t record_payload(const tls_engine_t* engine)
{
	int payload = mbedtls_ssl_get_max_out_record_payload(&engine->ssl);
	return payload > 0 ? (size_t)payload : 0;
}

size_t tls_engine_writable(const tls_engine_t* engine)
{
	if (engine->state != TLS_STATE_OPEN || engine->close_notify_sent)
		return 0;
	if (engine->output.length >= TLS_ENGINE_OUTPUT_BOUND)
		return 0;
	size_t room = TLS_ENGINE_OUTPUT_BOUND - engine->output.length;
	size_t payload = record_payload(engine);
	size_t record = payload + RECORD_OVERHEAD;
	size_t rest = room % record;
	return room / record * payload + (rest > RECORD_OVERHEAD ? rest - RECORD_OVERHEAD : 0);
}

size_t tls_engine_send(tls_engine_t* engine, const void* bytes, size_t length)
{
	const uint8_t* from = bytes;
	size_t writable = tls_engine_writable(engine);
	size_t count = length < writable ? length : writable;
	size_t done = 0;
	while (done < count) {
		int result = mbedtls_ssl_write(&engine->ssl, from + done, count - done);
		if (result <= 0) {
			tls_engine_fail(engine, tls_error_failure(result, false));
			return done;
		}
		done += (size_t)result;
	}
	return done;
}

void tls_engine_close_notify(tls_engine_t* engine)
{
	if ((engine->state != TLS_STATE_OPEN && engine->state != TLS_STATE_PEER_CLOSED) || engine->close_notify_sent)
		return;
	engine->close_notify_sent = true;
	int result = mbedtls_ssl_close_notify(&engine->ssl);
	if (result != 0)
		tls_engine_fail(engine, tls_error_failure(result, false));
}

tls_state_t tls_engine_state(const tls_engine_t* engine)
{
	return engine->state;
}

tls_failure_t tls_engine_failure(const tls_engine_t* engine)
{
	return engine->failure;
}

int tls_engine_alert(const tls_engine_t* engine)
{
	return engine->alert;
}

int tls_engine_depth(const tls_engine_t* engine)
{
	return engine->depth;
}

static bool has_agreed(const tls_engine_t* engine)
{
	return engine->state == TLS_STATE_OPEN || engine->state == TLS_STATE_PEER_CLOSED;
}

static const char* text_of(const char* text)
{
	return text == NULL ? "" : text;
}

const char* tls_engine_version(const tls_engine_t* engine)
{
	return has_agreed(engine) ? text_of(mbedtls_ssl_get_version(&engine->ssl)) : "";
}

const char* tls_engine_cipher_suite(const tls_engine_t* engine)
{
	return has_agreed(engine) ? text_of(mbedtls_ssl_get_ciphersuite(&engine->ssl)) : "";
}

const char* tls_engine_protocol(const tls_engine_t* engine)
{
	return has_agreed(engine) ? text_of(mbedtls_ssl_get_alpn_protocol(&engine->ssl)) : "";
}

const char* tls_engine_library(void)
{
	return "mbedtls " MBEDTLS_VERSION_STRING;
}
