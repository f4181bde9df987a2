/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_verify.h"

#include <string.h>

#include "tls_library.h"

/* The kinds of faults, the gravest first: when several are there, this one is told. */
static const struct {
	uint32_t flags;
	tls_failure_t failure;
} kinds[] = {
	{ MBEDTLS_X509_BADCERT_NOT_TRUSTED, TLS_FAILURE_CERTIFICATE_UNTRUSTED },
	{ MBEDTLS_X509_BADCERT_CN_MISMATCH, TLS_FAILURE_CERTIFICATE_NAME },
	{ MBEDTLS_X509_BADCERT_EXPIRED, TLS_FAILURE_CERTIFICATE_EXPIRED },
	{ MBEDTLS_X509_BADCERT_FUTURE, TLS_FAILURE_CERTIFICATE_NOT_YET_VALID },
	{ MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK | MBEDTLS_X509_BADCERT_BAD_KEY,
		TLS_FAILURE_CERTIFICATE_WEAK },
	{ MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE | MBEDTLS_X509_BADCERT_NS_CERT_TYPE,
		TLS_FAILURE_CERTIFICATE_USAGE },
	/* OTHER is ours alone. */
	{ MBEDTLS_X509_BADCERT_OTHER, TLS_FAILURE_CERTIFICATE_FORMAT },
};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

void tls_verification_begin(tls_verification_t* verification, const char* server_name)
{
	memset(verification, 0, sizeof *verification);
	verification->server_name = server_name;
	memset(verification->depth_of, -1, sizeof verification->depth_of);
}

static bool bears_name(const mbedtls_x509_crt* leaf, const char* server_name)
{
	for (const mbedtls_x509_sequence* entry = &leaf->subject_alt_names; entry != NULL; entry = entry->next) {
		if (entry->buf.p == NULL || (entry->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) != MBEDTLS_X509_SAN_DNS_NAME)
			continue;
		if (tls_name_matches(entry->buf.p, entry->buf.len, server_name))
			return true;
	}
	return false;
}

static bool serves(const mbedtls_x509_crt* certificate)
{
	return mbedtls_x509_crt_check_extended_key_usage(
		certificate, MBEDTLS_OID_SERVER_AUTH, MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)) == 0;
}

/* Extensions ::= SEQUENCE OF SEQUENCE { extnID, ... } (RFC 5280 section 4.1); what does not read so counts as found. */
static bool constrains_names(const mbedtls_x509_crt* certificate)
{
	unsigned char* at = certificate->v3_ext.p;
	if (at == NULL)
		return false;
	unsigned char* end = at + certificate->v3_ext.len;
	size_t length;
	if (mbedtls_asn1_get_tag(&at, end, &length, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) != 0)
		return true;
	while (at < end) {
		if (mbedtls_asn1_get_tag(&at, end, &length, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) != 0)
			return true;
		unsigned char* extension = at;
		at += length;
		if (mbedtls_asn1_get_tag(&extension, at, &length, MBEDTLS_ASN1_OID) != 0)
			return true;
		if (length == MBEDTLS_OID_SIZE(MBEDTLS_OID_NAME_CONSTRAINTS) &&
			memcmp(extension, MBEDTLS_OID_NAME_CONSTRAINTS, length) == 0)
			return true;
	}
	return false;
}

static bool too_many(const mbedtls_x509_crt* leaf)
{
	unsigned count = 0;
	for (const mbedtls_x509_crt* sent = leaf; sent != NULL && count <= TLS_ENGINE_CHAIN_BOUND; sent = sent->next)
		count++;
	return count > TLS_ENGINE_CHAIN_BOUND;
}

static void note(tls_verification_t* verification, uint32_t flags, int depth)
{
	verification->flags |= flags;
	for (size_t kind = 0; kind < KIND_COUNT; kind++)
		if ((flags & kinds[kind].flags) != 0)
			verification->depth_of[kind] = (int8_t)depth;
}

/* Called from the trust anchor down to the leaf, so that the last depth noted is the one nearest to the leaf. */
int tls_verify_certificate(void* context, mbedtls_x509_crt* certificate, int depth, uint32_t* flags)
{
	tls_verification_t* verification = context;
	verification->seen = true;
	if (!serves(certificate))
		*flags |= MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
	if (constrains_names(certificate))
		*flags |= MBEDTLS_X509_BADCERT_OTHER;
	if (depth == 0 && !bears_name(certificate, verification->server_name))
		*flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
	/* Other certificates of a chain may be trust anchors, which are linked to one another. */
	if (depth == 0 && too_many(certificate))
		*flags |= MBEDTLS_X509_BADCERT_OTHER;
	note(verification, *flags, depth);
	return 0;
}

tls_failure_t tls_verification_failure(const tls_verification_t* verification, uint32_t flags, int* depth)
{
	uint32_t all = flags | verification->flags;
	for (size_t kind = 0; kind < KIND_COUNT; kind++) {
		if ((all & kinds[kind].flags) == 0)
			continue;
		/* What was not noted, the library found in the leaf when it had its chain. */
		*depth = verification->depth_of[kind] < 0 ? 0 : verification->depth_of[kind];
		return kinds[kind].failure;
	}
	*depth = -1;
	return all == 0 ? TLS_FAILURE_NONE : TLS_FAILURE_CERTIFICATE_UNTRUSTED;
}
