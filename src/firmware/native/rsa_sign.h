/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2) through PSA, which blinds, uses the chip's accelerator where
 * there is one, and zeroes its copy of the key.
 */
#ifndef LATCHKEY_RSA_SIGN_H
#define LATCHKEY_RSA_SIGN_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a signature by the largest key. */
#define RSA_SIGNATURE_BOUND 512u

typedef enum {
	RSA_SIGN_DONE = 0,
	/* Not an RSAPrivateKey (RFC 8017 appendix A.1.2) of 2048..4096 bits. PKCS#8 has to be unwrapped before. */
	RSA_SIGN_KEY = 1,
	RSA_SIGN_MEMORY = 2,
	/* Anything else: no random numbers, a fault while computing. There is no signature then. */
	RSA_SIGN_FAILED = 3
} rsa_sign_t;

/* Signs `message` with the key of `pkcs1` (DER); `signature` holds RSA_SIGNATURE_BOUND bytes. */
rsa_sign_t rsa_sign_sha256(const uint8_t* pkcs1, size_t pkcs1_length, const uint8_t* message, size_t message_length,
	uint8_t* signature, size_t* signature_length);

#endif
