/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of native.ts beside the engine: RSA signatures, random numbers, digests.
 */
#include "digest.h"
#include "rsa_sign.h"
#include "tls_engine_xs.h"

static void require_arguments(xsMachine* the, xsIntegerValue count)
{
	if (xsmcArgc < count)
		xsTypeError("native: expected %d arguments", (int)count);
}

/* Makes the result an ArrayBuffer of `length` bytes. What was pointed at in XS before may have moved. */
static uint8_t* make_result(xsMachine* the, size_t length)
{
	void* bytes;
	xsUnsignedValue size;
	xsmcSetArrayBuffer(xsResult, NULL, (xsIntegerValue)length);
	xsmcGetBufferWritable(xsResult, &bytes, &size);
	return bytes;
}

static void set_result(xsMachine* the, const uint8_t* bytes, size_t length)
{
	uint8_t* to = make_result(the, length);
	for (size_t at = 0; at < length; at++)
		to[at] = bytes[at];
}

void xs_sign_rsa_sha256(xsMachine* the)
{
	void* key;
	void* message;
	xsUnsignedValue key_length, message_length;
	uint8_t signature[RSA_SIGNATURE_BOUND];
	size_t length;
	require_arguments(the, 2);
	xsmcGetBufferReadable(xsArg(0), &key, &key_length);
	xsmcGetBufferReadable(xsArg(1), &message, &message_length);
	switch (rsa_sign_sha256(key, key_length, message, message_length, signature, &length)) {
	case RSA_SIGN_DONE:
		set_result(the, signature, length);
		break;
	case RSA_SIGN_KEY:
		xsRangeError("signRsaSha256: expected an RSA key of 2048..4096 bits as PKCS#1");
		break;
	case RSA_SIGN_MEMORY:
		xsUnknownError("signRsaSha256: out of memory");
		break;
	default:
		xsUnknownError("signRsaSha256: failed");
	}
}

void xs_random_bytes(xsMachine* the)
{
	require_arguments(the, 1);
	xsNumberValue number = xsmcToNumber(xsArg(0));
	if (!(number >= 1 && number <= (xsNumberValue)RANDOM_BOUND))
		xsRangeError("randomBytes: expected 1..65536");
	size_t count = (size_t)number;
	if (!random_bytes(make_result(the, count), count))
		xsUnknownError("randomBytes: failed");
}

/* The digest, of `size` bytes, of the buffer of the first argument. */
static void give_digest(xsMachine* the, bool (*compute)(const uint8_t*, size_t, uint8_t*), size_t size, const char* name)
{
	void* data;
	xsUnsignedValue length;
	uint8_t digest[SHA512_LENGTH];
	require_arguments(the, 1);
	xsmcGetBufferReadable(xsArg(0), &data, &length);
	if (!compute(data, length, digest))
		xsUnknownError("%s: failed", name);
	set_result(the, digest, size);
}

void xs_sha256(xsMachine* the)
{
	give_digest(the, digest_sha256, SHA256_LENGTH, "sha256");
}

void xs_sha512(xsMachine* the)
{
	give_digest(the, digest_sha512, SHA512_LENGTH, "sha512");
}
