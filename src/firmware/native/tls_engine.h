/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TLS client engine without I/O: ciphertext in and out, plaintext in and out, a state and a code. It knows neither
 * sockets nor JavaScript. One engine is one connection; none is shared between threads.
 *
 * TLS 1.2, and 1.3 where the library has it. Nothing that `tls_engine_send` is given leaves before the server's chain
 * is verified, its Finished is checked and it has answered with one of the protocols offered.
 */
#ifndef LATCHKEY_TLS_ENGINE_H
#define LATCHKEY_TLS_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
	TLS_STATE_HANDSHAKING = 0,
	/* Server verified: plaintext goes both ways. */
	TLS_STATE_OPEN = 1,
	/* The peer said close_notify after all it had to say. */
	TLS_STATE_PEER_CLOSED = 2,
	/* Final; `tls_engine_failure` tells why. */
	TLS_STATE_FAILED = 3
} tls_state_t;

/* Why it failed. The same numbers and names are in tls-failure.ts; a test compares the two. */
typedef enum {
	TLS_FAILURE_NONE = 0,
	/* No chain of CA certificates from a trust anchor to the leaf; one bad signature is enough. */
	TLS_FAILURE_CERTIFICATE_UNTRUSTED = 1,
	/* No DNS name of the leaf's subjectAltName is the server name (RFC 6125 section 6.4). */
	TLS_FAILURE_CERTIFICATE_NAME = 2,
	TLS_FAILURE_CERTIFICATE_EXPIRED = 3,
	TLS_FAILURE_CERTIFICATE_NOT_YET_VALID = 4,
	/* SHA-1 or MD5, RSA below 2048 bits, a curve below 256 bits. */
	TLS_FAILURE_CERTIFICATE_WEAK = 5,
	/* Key usage or purpose is not that of a TLS server. */
	TLS_FAILURE_CERTIFICATE_USAGE = 6,
	/* Does not parse, holds what is not understood (critical or name constraints), or there are too many. */
	TLS_FAILURE_CERTIFICATE_FORMAT = 7,
	/* One of the trust anchors does not parse. */
	TLS_FAILURE_ROOT_FORMAT = 8,
	/* The server does not prove its key: key exchange, CertificateVerify, Finished. */
	TLS_FAILURE_SIGNATURE = 9,
	/* close_notify before the handshake was over. */
	TLS_FAILURE_EARLY_CLOSE = 10,
	/* TCP ended without close_notify. */
	TLS_FAILURE_TRUNCATED = 11,
	/* The peer's fatal alert, or any alert before the handshake was over. */
	TLS_FAILURE_ALERT = 12,
	/* The server took none of the protocols offered, or another. */
	TLS_FAILURE_ALPN = 13,
	TLS_FAILURE_VERSION = 14,
	/*
	 * A message that is malformed, not expected now, or refused on principle (renegotiation); before OPEN also what
	 * is no record of TLS at all.
	 */
	TLS_FAILURE_PROTOCOL = 15,
	/* After OPEN: a record that was changed on the way, or is no record. */
	TLS_FAILURE_RECORD = 16,
	/* Reserved: not told by this engine, which takes 0 bytes before it is open. */
	TLS_FAILURE_NOT_READY = 17,
	/* The engine was closed by its owner. */
	TLS_FAILURE_ENDED = 18,
	TLS_FAILURE_MEMORY = 19,
	TLS_FAILURE_RANDOM = 20,
	/* The TLS library was built without something the engine needs. */
	TLS_FAILURE_CONFIGURATION = 21,
	TLS_FAILURE_ARGUMENT = 22
} tls_failure_t;

/* Bytes of ciphertext that may wait in `tls_engine_take` before `tls_engine_send` takes no more. */
#define TLS_ENGINE_OUTPUT_BOUND 16384u

/* Certificates that a server may send, leaf and issuers. */
#define TLS_ENGINE_CHAIN_BOUND 10u

/* Bytes of a server name (RFC 1035 section 2.3.4) and of a protocol name (RFC 7301 section 3.1). */
#define TLS_ENGINE_NAME_BOUND 255u

/* Protocols that may be offered. */
#define TLS_ENGINE_PROTOCOL_BOUND 8u

typedef struct {
	const uint8_t* bytes;
	size_t length;
	/* Stays where it is for the life of the engine, as flash does: it is then not copied. */
	bool lasting;
} tls_root_t;

typedef struct {
	/* DNS name, 1..255 bytes. An address is no name that a certificate could bear: it is never verified. */
	const char* server_name;
	/* ALPN names in order of preference, each 1..255 bytes; NULL when `protocol_count` is 0. */
	const char* const* protocols;
	size_t protocol_count;
	/* Trust anchors, DER, at least one. */
	const tls_root_t* roots;
	size_t root_count;
} tls_options_t;

typedef struct tls_engine tls_engine_t;

/*
 * Makes an engine whose ClientHello waits in `tls_engine_take`. Options are copied, lasting roots excepted.
 * Never NULL: what could not be made has failed already (memory, random, root-format, argument, configuration).
 */
tls_engine_t* tls_engine_create(const tls_options_t* options);

/* Frees and zeroes everything; the pointer is gone. NULL is allowed. */
void tls_engine_free(tls_engine_t* engine);

/*
 * Takes ciphertext and handles it. Returns how many bytes it took: fewer than `length` only while plaintext waits
 * (at most one record does), or when the engine will take nothing more (failed, or the peer has closed).
 */
size_t tls_engine_receive(tls_engine_t* engine, const void* bytes, size_t length);

/* The peer closed TCP. Plaintext that waits can still be read. */
void tls_engine_end(tls_engine_t* engine);

/* Ciphertext that waits to be sent; also after a failure, which leaves an alert for the peer. */
size_t tls_engine_pending(const tls_engine_t* engine);

/* Moves up to `limit` bytes of ciphertext to `to`; returns how many. */
size_t tls_engine_take(tls_engine_t* engine, void* to, size_t limit);

/* Plaintext bytes that `tls_engine_send` takes now; 0 unless open. */
size_t tls_engine_writable(const tls_engine_t* engine);

/* Encrypts up to `tls_engine_writable` bytes; returns how many. Before OPEN it takes nothing. */
size_t tls_engine_send(tls_engine_t* engine, const void* bytes, size_t length);

/* Plaintext that waits to be read. */
size_t tls_engine_readable(const tls_engine_t* engine);

/* Moves up to `limit` bytes of plaintext to `to`; returns how many. */
size_t tls_engine_plain(tls_engine_t* engine, void* to, size_t limit);

/* Queues close_notify, once, when open; `tls_engine_send` takes nothing after it. */
void tls_engine_close_notify(tls_engine_t* engine);

tls_state_t tls_engine_state(const tls_engine_t* engine);

/* The first failure stands. */
tls_failure_t tls_engine_failure(const tls_engine_t* engine);

/* Number of the peer's alert behind `alert` and `early-close`, -1 when there is none or it came encrypted. */
int tls_engine_alert(const tls_engine_t* engine);

/* Which certificate a `certificate-...` failure is about: 0 is the leaf, -1 none in particular. */
int tls_engine_depth(const tls_engine_t* engine);

/* What was agreed; "" before OPEN. */
const char* tls_engine_version(const tls_engine_t* engine);
const char* tls_engine_cipher_suite(const tls_engine_t* engine);
const char* tls_engine_protocol(const tls_engine_t* engine);

/* "mbedtls 2.28.3": name and version of the library that this was compiled for. */
const char* tls_engine_library(void);

#endif
