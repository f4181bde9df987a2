/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a server's chain must satisfy beyond the TLS library's own checks. The library verifies signatures, dates, CA
 * flags, path lengths and the leaf's usage; this adds what it leaves open and never takes a fault away:
 *
 * - the name is a DNS name of subjectAltName: no common name, no address (RFC 9525 sections 6.3 and 6.5);
 * - a wildcard is the whole left-most label, with two labels or more after it;
 * - every certificate that limits its purposes allows TLS servers, issuers too;
 * - name constraints are refused, critical or not, as they are not evaluated;
 * - at most TLS_ENGINE_CHAIN_BOUND certificates are sent.
 */
#ifndef LATCHKEY_TLS_VERIFY_H
#define LATCHKEY_TLS_VERIFY_H

#include "tls_engine.h"

/* Faults found so far, and for each kind the certificate nearest to the leaf that has it. */
typedef struct {
	const char* server_name;
	/* A chain was read, and looked at. */
	bool seen;
	uint32_t flags;
	int8_t depth_of[8];
} tls_verification_t;

void tls_verification_begin(tls_verification_t* verification, const char* server_name);

struct mbedtls_x509_crt;

/* For mbedtls_ssl_conf_verify. */
int tls_verify_certificate(void* verification, struct mbedtls_x509_crt* certificate, int depth, uint32_t* flags);

/* The failure that `flags` (of the library and ours) stand for, the gravest first; NONE when there are none. */
tls_failure_t tls_verification_failure(const tls_verification_t* verification, uint32_t flags, int* depth);

/* Whether a DNS name of a certificate, `length` bytes, is `server_name`; letters' case does not count. */
bool tls_name_matches(const uint8_t* presented, size_t length, const char* server_name);

#endif
