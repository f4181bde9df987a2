/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes an engine and frees it: what is offered to a server, and what is asked of it.
 */
#include <stdlib.h>
#include <string.h>

#include "tls_engine_state.h"
#include "tls_error.h"
#include "tls_random.h"

/* Stands for every engine that there was no memory for; in flash, as a failed engine is never written to. */
static const tls_engine_t no_memory = {
	.state = TLS_STATE_FAILED, .failure = TLS_FAILURE_MEMORY, .alert = -1, .depth = -1
};

/* ECDHE with AES-GCM alone: forward secret, authenticated, in every version of the library. */
static const int cipher_suites[] = {
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
	MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
	MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
#endif
	MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	0,
};

#if MBEDTLS_VERSION_NUMBER < 0x03000000
/* From 3.0 on the library's own lists are no weaker. */
static const int hashes[] = { MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512, MBEDTLS_MD_NONE };
static const mbedtls_ecp_group_id curves[] = { MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_SECP256R1,
	MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_SECP521R1, MBEDTLS_ECP_DP_NONE };
#endif

static bool is_name(const char* name)
{
	size_t length = name == NULL ? 0 : strlen(name);
	return length >= 1 && length <= TLS_ENGINE_NAME_BOUND;
}

static bool are_options(const tls_options_t* options)
{
	if (options == NULL || !is_name(options->server_name) || options->protocol_count > TLS_ENGINE_PROTOCOL_BOUND)
		return false;
	if (options->roots == NULL || options->root_count == 0)
		return false;
	for (size_t at = 0; at < options->protocol_count; at++)
		if (!is_name(options->protocols[at]))
			return false;
	return true;
}

static bool copy_names(tls_engine_t* engine, const tls_options_t* options)
{
	size_t size = strlen(options->server_name) + 1;
	for (size_t at = 0; at < options->protocol_count; at++)
		size += strlen(options->protocols[at]) + 1;
	engine->names = malloc(size);
	if (engine->names == NULL)
		return false;
	char* to = engine->names;
	size_t length = strlen(options->server_name) + 1;
	memcpy(to, options->server_name, length);
	for (size_t at = 0; at < options->protocol_count; at++) {
		to += length;
		length = strlen(options->protocols[at]) + 1;
		memcpy(to, options->protocols[at], length);
		engine->protocols[at] = to;
	}
	return true;
}

static bool read_roots(tls_engine_t* engine, const tls_options_t* options)
{
	for (size_t at = 0; at < options->root_count; at++) {
		const tls_root_t* root = &options->roots[at];
		int result = root->lasting
			? mbedtls_x509_crt_parse_der_nocopy(&engine->roots, root->bytes, root->length)
			: mbedtls_x509_crt_parse_der(&engine->roots, root->bytes, root->length);
		if (result == 0)
			continue;
		bool memory = tls_error_failure(result, true) == TLS_FAILURE_MEMORY;
		tls_engine_fail(engine, memory ? TLS_FAILURE_MEMORY : TLS_FAILURE_ROOT_FORMAT);
		return false;
	}
	return true;
}

static void limit_versions(mbedtls_ssl_config* config)
{
#if MBEDTLS_VERSION_NUMBER < 0x03000000
	mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
	mbedtls_ssl_conf_sig_hashes(config, hashes);
	mbedtls_ssl_conf_curves(config, curves);
#else
	mbedtls_ssl_conf_min_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
	mbedtls_ssl_conf_max_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_3);
	/* No pre-shared keys: no tickets to resume with, each connection verifies the server anew. */
	mbedtls_ssl_conf_tls13_key_exchange_modes(config, MBEDTLS_SSL_TLS1_3_KEY_EXCHANGE_MODE_EPHEMERAL);
#else
	mbedtls_ssl_conf_max_tls_version(config, MBEDTLS_SSL_VERSION_TLS1_2);
#endif
#endif
}

int tls_engine_configure(tls_engine_t* engine)
{
	mbedtls_ssl_config* config = &engine->config;
	int result = mbedtls_ssl_config_defaults(
		config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
	if (result != 0)
		return result;
	limit_versions(config);
	tls_random_configure(config);
	mbedtls_ssl_conf_ciphersuites(config, cipher_suites);
	mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
	/* SHA-256 or better, RSA of 2048 bits or more, curves of 256 bits or more. */
	mbedtls_ssl_conf_cert_profile(config, &mbedtls_x509_crt_profile_next);
	mbedtls_ssl_conf_ca_chain(config, &engine->roots, NULL);
	mbedtls_ssl_conf_verify(config, tls_verify_certificate, &engine->verification);
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
	mbedtls_ssl_conf_session_tickets(config, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
#endif
#if defined(MBEDTLS_SSL_RENEGOTIATION)
	mbedtls_ssl_conf_renegotiation(config, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
	if (engine->protocols[0] != NULL)
		result = mbedtls_ssl_conf_alpn_protocols(config, engine->protocols);
	if (result == 0)
		result = mbedtls_ssl_setup(&engine->ssl, config);
	if (result == 0)
		result = mbedtls_ssl_set_hostname(&engine->ssl, engine->names);
	if (result == 0)
		mbedtls_ssl_set_bio(&engine->ssl, engine, tls_engine_keep_output, tls_engine_give_input, NULL);
	return result;
}

static void set_up(tls_engine_t* engine, const tls_options_t* options)
{
	mbedtls_ssl_init(&engine->ssl);
	mbedtls_ssl_config_init(&engine->config);
	mbedtls_x509_crt_init(&engine->roots);
	tls_record_watch_begin(&engine->watch);
	engine->alert = -1;
	engine->depth = -1;
	if (!are_options(options)) {
		tls_engine_fail(engine, TLS_FAILURE_ARGUMENT);
		return;
	}
	psa_status_t status = psa_crypto_init();
	if (status != PSA_SUCCESS) {
		tls_engine_fail(engine, status == PSA_ERROR_INSUFFICIENT_MEMORY ? TLS_FAILURE_MEMORY : TLS_FAILURE_RANDOM);
		return;
	}
	if (!copy_names(engine, options)) {
		tls_engine_fail(engine, TLS_FAILURE_MEMORY);
		return;
	}
	tls_verification_begin(&engine->verification, engine->names);
	if (!read_roots(engine, options))
		return;
	int result = tls_engine_configure(engine);
	bool memory = result != 0 && tls_error_failure(result, true) == TLS_FAILURE_MEMORY;
	if (result != 0)
		tls_engine_fail(engine, memory ? TLS_FAILURE_MEMORY : TLS_FAILURE_CONFIGURATION);
	else
		tls_engine_advance(engine);
}

tls_engine_t* tls_engine_create(const tls_options_t* options)
{
	tls_engine_t* engine = calloc(1, sizeof *engine);
	if (engine == NULL) {
		union {
			const tls_engine_t* constant;
			tls_engine_t* engine;
		} failed = { .constant = &no_memory };
		return failed.engine;
	}
	set_up(engine, options);
	return engine;
}

void tls_engine_free(tls_engine_t* engine)
{
	if (engine == NULL || engine == &no_memory)
		return;
	/* These zero the keys and the record buffers, plaintext included. */
	mbedtls_ssl_free(&engine->ssl);
	mbedtls_ssl_config_free(&engine->config);
	mbedtls_x509_crt_free(&engine->roots);
	tls_output_free(&engine->output);
	free(engine->names);
	free(engine);
}
