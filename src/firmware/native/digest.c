/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <stdlib.h>

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

struct sha256_stream {
	psa_hash_operation_t operation;
};

sha256_stream_t* sha256_stream_create(void)
{
	sha256_stream_t* stream = malloc(sizeof *stream);
	if (stream == NULL)
		return NULL;
	stream->operation = psa_hash_operation_init();
	if (psa_crypto_init() == PSA_SUCCESS && psa_hash_setup(&stream->operation, PSA_ALG_SHA_256) == PSA_SUCCESS)
		return stream;
	sha256_stream_free(stream);
	return NULL;
}

bool sha256_stream_update(sha256_stream_t* stream, const uint8_t* data, size_t length)
{
	/* After a failure PSA refuses all that follows. */
	return psa_hash_update(&stream->operation, data, length) == PSA_SUCCESS;
}

bool sha256_stream_finish(sha256_stream_t* stream, uint8_t digest[SHA256_LENGTH])
{
	size_t written = 0;
	return psa_hash_finish(&stream->operation, digest, SHA256_LENGTH, &written) == PSA_SUCCESS &&
		written == SHA256_LENGTH;
}

/* Volatile: what is freed right afterwards need not be written, to a compiler. */
static void wipe(volatile uint8_t* memory, size_t length)
{
	for (size_t at = 0; at < length; at++)
		memory[at] = 0;
}

void sha256_stream_free(sha256_stream_t* stream)
{
	if (stream == NULL)
		return;
	/* An accelerator that it holds, and what the library has allocated. */
	(void)psa_hash_abort(&stream->operation);
	wipe((volatile uint8_t*)stream, sizeof *stream);
	free(stream);
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
