/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SHA-256 and SHA-512 (FIPS 180-4), and random numbers, through PSA.
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

/* Fills `to` with bytes that an attacker cannot guess; false when there are none. */
bool random_bytes(uint8_t* to, size_t length);

#endif
