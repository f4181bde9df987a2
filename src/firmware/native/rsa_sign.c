/* SPDX-License-Identifier: Apache-2.0 */
#include "rsa_sign.h"

#include <stdbool.h>

#include "tls_library.h"

#define SMALLEST_KEY 2048u
#define LARGEST_KEY 4096u

/*
 * Whether a second INTEGER follows the version, as the modulus does. PKCS#8 has a SEQUENCE there, and what PSA makes
 * of it depends on the library's version.
 */
static bool is_pkcs1(const uint8_t* der, size_t length)
{
	/* SEQUENCE with a length of two bytes, INTEGER 0, INTEGER */
	return length > 8 && der[0] == 0x30 && der[1] == 0x82 && der[4] == 0x02 && der[5] == 0x01 && der[6] == 0x00 &&
		der[7] == 0x02;
}

static rsa_sign_t outcome_of(psa_status_t status, rsa_sign_t otherwise)
{
	if (status == PSA_SUCCESS)
		return RSA_SIGN_DONE;
	return status == PSA_ERROR_INSUFFICIENT_MEMORY ? RSA_SIGN_MEMORY : otherwise;
}

static psa_status_t import_key(const uint8_t* pkcs1, size_t length, psa_key_id_t* key)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_KEY_PAIR);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
	psa_set_key_algorithm(&attributes, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256));
	return psa_import_key(&attributes, pkcs1, length, key);
}

static bool has_size(psa_key_id_t key)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	if (psa_get_key_attributes(key, &attributes) != PSA_SUCCESS)
		return false;
	size_t bits = psa_get_key_bits(&attributes);
	psa_reset_key_attributes(&attributes);
	return bits >= SMALLEST_KEY && bits <= LARGEST_KEY;
}

rsa_sign_t rsa_sign_sha256(const uint8_t* pkcs1, size_t pkcs1_length, const uint8_t* message, size_t message_length,
	uint8_t* signature, size_t* signature_length)
{
	psa_key_id_t key;
	*signature_length = 0;
	if (!is_pkcs1(pkcs1, pkcs1_length))
		return RSA_SIGN_KEY;
	rsa_sign_t outcome = outcome_of(psa_crypto_init(), RSA_SIGN_FAILED);
	if (outcome != RSA_SIGN_DONE)
		return outcome;
	outcome = outcome_of(import_key(pkcs1, pkcs1_length, &key), RSA_SIGN_KEY);
	if (outcome != RSA_SIGN_DONE)
		return outcome;
	if (!has_size(key))
		outcome = RSA_SIGN_KEY;
	else
		outcome = outcome_of(psa_sign_message(key, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), message, message_length,
			signature, RSA_SIGNATURE_BOUND, signature_length), RSA_SIGN_FAILED);
	(void)psa_destroy_key(key);
	return outcome;
}
