/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the TLS library gets its random numbers. From version 4 on it asks PSA itself.
 */
#ifndef LATCHKEY_TLS_RANDOM_H
#define LATCHKEY_TLS_RANDOM_H

#include "tls_library.h"

#if MBEDTLS_VERSION_NUMBER >= 0x04000000

static inline void tls_random_configure(mbedtls_ssl_config* config)
{
	(void)config;
}

#elif defined(LATCHKEY_TLS_REPEATABLE)

/* Test builds alone: the same bytes in every run, so that a recorded handshake can be played again. */
int tls_random_repeatable(void* state, unsigned char* to, size_t length);

static inline void tls_random_configure(mbedtls_ssl_config* config)
{
	mbedtls_ssl_conf_rng(config, tls_random_repeatable, NULL);
}

#else

static inline void tls_random_configure(mbedtls_ssl_config* config)
{
	mbedtls_ssl_conf_rng(config, mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE);
}

#endif

#endif
