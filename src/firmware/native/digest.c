/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include "tls_library.h"

static bool compute(psa_algorithm_t algorithm, const uint8_t* data, size_t length, uint8_t* digest, size_t size)
{
	size_t written = 0;
	return psa_crypto_init() == PSA_SUCCESS &&
		psa_hash_compute(algorithm, data, length, digest, size, &written) == PSA_SUCCESS && written == size;
}

bool digest_sha256(const uint8_t* data, size_t length, uint8_t digest[SHA256_LENGTH])
{
	return compute(PSA_ALG_SHA_256, data, length, digest, SHA256_LENGTH);
}

bool digest_sha512(const uint8_t* data, size_t length, uint8_t digest[SHA512_LENGTH])
{
	return compute(PSA_ALG_SHA_512, data, length, digest, SHA512_LENGTH);
}

/* PSA gives less than a kilobyte at a time in some versions. */
#define RANDOM_PART 512u

bool random_bytes(uint8_t* to, size_t length)
{
	if (psa_crypto_init() != PSA_SUCCESS)
		return false;
	while (length > 0) {
		size_t part = length < RANDOM_PART ? length : RANDOM_PART;
		if (psa_generate_random(to, part) != PSA_SUCCESS)
			return false;
		to += part;
		length -= part;
	}
	return true;
}
