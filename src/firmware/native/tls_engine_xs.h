/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The callbacks that native.ts names, for a host that has to name them in C.
 */
#ifndef LATCHKEY_TLS_ENGINE_XS_H
#define LATCHKEY_TLS_ENGINE_XS_H

#include "xsmc.h"

void xs_tls_engine_destructor(void* data);
void xs_tls_engine(xsMachine* the);
void xs_tls_engine_receive(xsMachine* the);
void xs_tls_engine_produced(xsMachine* the);
void xs_tls_engine_send(xsMachine* the);
void xs_tls_engine_plain(xsMachine* the);
void xs_tls_engine_end(xsMachine* the);
void xs_tls_engine_close_notify(xsMachine* the);
void xs_tls_engine_close(xsMachine* the);
void xs_tls_engine_get_state(xsMachine* the);
void xs_tls_engine_get_failure(xsMachine* the);
void xs_tls_engine_get_readable(xsMachine* the);
void xs_tls_engine_get_writable(xsMachine* the);
void xs_tls_engine_get_pending(xsMachine* the);
void xs_tls_engine_get_alert(xsMachine* the);
void xs_tls_engine_get_depth(xsMachine* the);
void xs_tls_engine_get_version(xsMachine* the);
void xs_tls_engine_get_cipher_suite(xsMachine* the);
void xs_tls_engine_get_protocol(xsMachine* the);

/* Name and version of the TLS library. */
void xs_tls_library(xsMachine* the);

/* signRsaSha256(pkcs1, message), randomBytes(count), sha256(data), sha512(data): each gives an ArrayBuffer. */
void xs_sign_rsa_sha256(xsMachine* the);
void xs_random_bytes(xsMachine* the);
void xs_sha256(xsMachine* the);
void xs_sha512(xsMachine* the);

/* Sha256: new Sha256(), update(data), digest(), which gives an ArrayBuffer and ends it. */
void xs_hash_destructor(void* data);
void xs_hash(xsMachine* the);
void xs_hash_update(xsMachine* the);
void xs_hash_digest(xsMachine* the);

#endif
