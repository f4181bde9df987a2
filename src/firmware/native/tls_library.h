/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mbedTLS 2.28 (Debian), 3.6 (ESP-IDF v5) and 4.x (ESP-IDF v6) under the names of the newest. Every C file of the
 * engine that sees mbedTLS includes this first, and no other header of it.
 */
#ifndef LATCHKEY_TLS_LIBRARY_H
#define LATCHKEY_TLS_LIBRARY_H

#ifdef ESP_PLATFORM
/* The component's flags say the same. Without them the stock configuration would be compiled against, whose structures
 * are larger than those of the library that is linked. */
#include "sdkconfig.h"
#ifndef MBEDTLS_CONFIG_FILE
#define MBEDTLS_CONFIG_FILE "mbedtls/esp_config.h"
#endif
#ifndef TF_PSA_CRYPTO_USER_CONFIG_FILE
#define TF_PSA_CRYPTO_USER_CONFIG_FILE "mbedtls/esp_config.h"
#endif
#endif

#include "mbedtls/version.h"

#include "mbedtls/asn1.h"
#include "mbedtls/oid.h"
#include "mbedtls/ssl.h"
#include "mbedtls/ssl_ciphersuites.h"
#include "mbedtls/x509_crt.h"
#include "psa/crypto.h"

#if MBEDTLS_VERSION_NUMBER < 0x04000000
#include "mbedtls/psa_util.h"
#endif

#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define MBEDTLS_ERR_SSL_BAD_CERTIFICATE MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE
#define MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION
#endif

#if !defined(MBEDTLS_SSL_CLI_C) || !defined(MBEDTLS_SSL_PROTO_TLS1_2) || !defined(MBEDTLS_SSL_ALPN) || \
	!defined(MBEDTLS_SSL_SERVER_NAME_INDICATION)
#error "mbedTLS: expected a TLS 1.2 client with ALPN and server name"
#endif

/* Without dates every expired certificate is as good as a fresh one. */
#if !defined(MBEDTLS_HAVE_TIME_DATE)
#error "mbedTLS: expected MBEDTLS_HAVE_TIME_DATE (ESP-IDF: CONFIG_MBEDTLS_HAVE_TIME_DATE=y)"
#endif

#endif
