/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 and SHA-512 (FIPS 180-4), at once or piece by piece, and random numbers, through PSA.
 */
#ifndef LATCHKEY_DIGEST_H
#define LATCHKEY_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_LENGTH 32u
#define SHA512_LENGTH 64u

/* Bytes of one call to `random_bytes`. */
#define RANDOM_BOUND 65536u

/* False when the library fails (memory, accelerator); `digest` is then worth nothing. */
bool digest_sha256(const uint8_t* data, size_t length, uint8_t digest[SHA256_LENGTH]);
bool digest_sha512(const uint8_t* data, size_t length, uint8_t digest[SHA512_LENGTH]);

/*
 * A SHA-256 of what comes piece by piece. As many as there is memory for can be under way at a time, beside TLS and all
 * else; the binding for XS knows no more of one than its address.
 */
typedef struct sha256_stream sha256_stream_t;

/* NULL when there is no memory for it, or the library fails. */
sha256_stream_t* sha256_stream_create(void);

/* False when the library fails, or has failed before: nothing comes of it then. */
bool sha256_stream_update(sha256_stream_t* stream, const uint8_t* data, size_t length);

/* Once; false as in `sha256_stream_update`, and the second time. `digest` is then worth nothing. */
bool sha256_stream_finish(sha256_stream_t* stream, uint8_t digest[SHA256_LENGTH]);

/* Zeroes and frees it, finished or not; NULL is nothing to free. */
void sha256_stream_free(sha256_stream_t* stream);

/* Fills `to` with bytes that an attacker cannot guess; false when there are none. */
bool random_bytes(uint8_t* to, size_t length);

#endif
