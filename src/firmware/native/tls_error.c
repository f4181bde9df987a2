/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_error.h"

#include "tls_library.h"

/* A number is often the sum of a module's (bits 7 and up) and of what failed below it (bits 0 to 6). */
static int module_part(int result)
{
	return -(-result & ~0x7f);
}

static int detail_part(int result)
{
	return -(-result & 0x7f);
}

static bool is_memory(int result)
{
#ifdef MBEDTLS_ERR_MPI_ALLOC_FAILED
	if (detail_part(result) == MBEDTLS_ERR_MPI_ALLOC_FAILED)
		return true;
#endif
#ifdef MBEDTLS_ERR_PK_ALLOC_FAILED
	if (module_part(result) == MBEDTLS_ERR_PK_ALLOC_FAILED)
		return true;
#endif
#ifdef MBEDTLS_ERR_ECP_ALLOC_FAILED
	if (module_part(result) == MBEDTLS_ERR_ECP_ALLOC_FAILED)
		return true;
#endif
#ifdef MBEDTLS_ERR_MD_ALLOC_FAILED
	if (module_part(result) == MBEDTLS_ERR_MD_ALLOC_FAILED)
		return true;
#endif
#ifdef MBEDTLS_ERR_CIPHER_ALLOC_FAILED
	if (module_part(result) == MBEDTLS_ERR_CIPHER_ALLOC_FAILED)
		return true;
#endif
	return result == MBEDTLS_ERR_SSL_ALLOC_FAILED || module_part(result) == MBEDTLS_ERR_X509_ALLOC_FAILED ||
		detail_part(result) == MBEDTLS_ERR_ASN1_ALLOC_FAILED || result == (int)PSA_ERROR_INSUFFICIENT_MEMORY;
}

/* The server's proof of its key did not hold: in the key exchange, in CertificateVerify or in Finished. */
static bool is_signature(int result)
{
#ifdef MBEDTLS_ERR_ECP_VERIFY_FAILED
	if (result == MBEDTLS_ERR_ECP_VERIFY_FAILED)
		return true;
#endif
#ifdef MBEDTLS_ERR_RSA_VERIFY_FAILED
	if (module_part(result) == MBEDTLS_ERR_RSA_VERIFY_FAILED ||
		module_part(result) == MBEDTLS_ERR_RSA_INVALID_PADDING ||
		module_part(result) == MBEDTLS_ERR_RSA_PUBLIC_FAILED)
		return true;
#endif
#ifdef MBEDTLS_ERR_ECP_BAD_INPUT_DATA
	/* An ECDSA signature that is no SEQUENCE of two numbers comes with what ASN.1 said below it. */
	if (module_part(result) == MBEDTLS_ERR_ECP_BAD_INPUT_DATA && detail_part(result) != 0)
		return true;
#endif
#ifdef MBEDTLS_ERR_SSL_BAD_HS_FINISHED
	if (result == MBEDTLS_ERR_SSL_BAD_HS_FINISHED)
		return true;
#endif
#ifdef MBEDTLS_ERR_PK_SIG_LEN_MISMATCH
	if (result == MBEDTLS_ERR_PK_SIG_LEN_MISMATCH)
		return true;
#endif
#ifdef MBEDTLS_ERR_SSL_BAD_HS_SERVER_KEY_EXCHANGE
	/* 2.28: the signature's algorithm is none that was offered, or is not that of the leaf's key. */
	if (result == MBEDTLS_ERR_SSL_BAD_HS_SERVER_KEY_EXCHANGE)
		return true;
#endif
	return result == (int)PSA_ERROR_INVALID_SIGNATURE;
}

/* X.509 has -0x2080 .. -0x3000, public keys -0x3B00 .. -0x3F80. From 4.0 on ASN.1's own error comes alone. */
static bool is_certificate_format(int result)
{
	int module = -module_part(result);
	if (module == 0)
		return result <= MBEDTLS_ERR_ASN1_OUT_OF_DATA && result >= MBEDTLS_ERR_ASN1_INVALID_DATA;
	return (module >= 0x2080 && module <= 0x3000) || (module >= 0x3b00 && module <= 0x3f80);
}

static bool is_random(int result)
{
#ifdef MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED
	if (result == MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED)
		return true;
#endif
	return result == MBEDTLS_ERR_SSL_NO_RNG || result == (int)PSA_ERROR_INSUFFICIENT_ENTROPY;
}

tls_failure_t tls_error_failure(int result, bool handshaking)
{
	if (is_memory(result))
		return TLS_FAILURE_MEMORY;
	if (is_random(result))
		return TLS_FAILURE_RANDOM;
	if (result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
		return TLS_FAILURE_ALERT;
	if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
		return TLS_FAILURE_EARLY_CLOSE;
	if (result == MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION)
		return TLS_FAILURE_VERSION;
	/* Before the handshake is over, a record that does not decrypt is a Finished without the keys. */
	if (result == MBEDTLS_ERR_SSL_INVALID_MAC)
		return handshaking ? TLS_FAILURE_SIGNATURE : TLS_FAILURE_RECORD;
	/* Likewise, what is no record at all comes from a server that does not speak TLS, and not from the way. */
	if (result == MBEDTLS_ERR_SSL_INVALID_RECORD)
		return handshaking ? TLS_FAILURE_PROTOCOL : TLS_FAILURE_RECORD;
	if (is_signature(result))
		return TLS_FAILURE_SIGNATURE;
	if (is_certificate_format(result))
		return TLS_FAILURE_CERTIFICATE_FORMAT;
	return TLS_FAILURE_PROTOCOL;
}
