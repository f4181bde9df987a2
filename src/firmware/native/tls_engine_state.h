/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine's own members, for the two files it is made of: tls_setup.c makes one, tls_engine.c runs it.
 */
#ifndef LATCHKEY_TLS_ENGINE_STATE_H
#define LATCHKEY_TLS_ENGINE_STATE_H

#include "tls_engine.h"
#include "tls_library.h"
#include "tls_output.h"
#include "tls_record_watch.h"
#include "tls_verify.h"

struct tls_engine {
	mbedtls_ssl_context ssl;
	mbedtls_ssl_config config;
	mbedtls_x509_crt roots;
	tls_verification_t verification;
	tls_record_watch_t watch;
	tls_output_t output;
	/* The caller's bytes, for the duration of one `receive`: they are not copied. */
	const uint8_t* input;
	size_t input_length;
	/* Our own copies, as the library keeps the pointers. */
	char* names;
	const char* protocols[TLS_ENGINE_PROTOCOL_BOUND + 1];
	tls_state_t state;
	tls_failure_t failure;
	int alert;
	int depth;
	bool close_notify_sent;
};

/* The first failure stands. */
void tls_engine_fail(tls_engine_t* engine, tls_failure_t failure);

/* Handles what input there is; the first call makes the ClientHello. */
void tls_engine_advance(tls_engine_t* engine);

/* Gives the library a configuration and connects it with the engine's input and output; 0, or the library's error. */
int tls_engine_configure(tls_engine_t* engine);

/* The library's calls for input and output. */
int tls_engine_give_input(void* engine, unsigned char* to, size_t limit);
int tls_engine_keep_output(void* engine, const unsigned char* bytes, size_t length);

#endif
