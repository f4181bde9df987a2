/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What native.ts has beside the engine: RSA signatures, random numbers, digests, and Sha256, a digest piece by piece.
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

void xs_hash_destructor(void* data)
{
	sha256_stream_free(data);
}

/* NULL before it is made, and after its end. Throws where `this` is nothing that can hold one. */
static sha256_stream_t* held_by(xsMachine* the)
{
	return xsmcGetHostDataValidate(xsThis, (void*)xs_hash_destructor);
}

static sha256_stream_t* stream_of(xsMachine* the)
{
	sha256_stream_t* stream = held_by(the);
	if (stream == NULL)
		xsTypeError("Sha256: the digest was taken");
	return stream;
}

void xs_hash(xsMachine* the)
{
	/* Before anything is made: it would be lost. `Reflect.construct` makes an object of any prototype. */
	(void)held_by(the);
	sha256_stream_t* stream = sha256_stream_create();
	if (stream == NULL)
		xsUnknownError("Sha256: failed");
	xsmcSetHostData(xsThis, stream);
}

void xs_hash_update(xsMachine* the)
{
	void* data;
	xsUnsignedValue length;
	require_arguments(the, 1);
	sha256_stream_t* stream = stream_of(the);
	xsmcGetBufferReadable(xsArg(0), &data, &length);
	if (!sha256_stream_update(stream, data, length))
		xsUnknownError("Sha256: failed");
}

void xs_hash_digest(xsMachine* the)
{
	uint8_t digest[SHA256_LENGTH];
	sha256_stream_t* stream = stream_of(the);
	bool done = sha256_stream_finish(stream, digest);
	xsmcSetHostData(xsThis, NULL);
	sha256_stream_free(stream);
	if (!done)
		xsUnknownError("Sha256: failed");
	set_result(the, digest, SHA256_LENGTH);
}
