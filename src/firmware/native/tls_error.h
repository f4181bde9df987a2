/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the TLS library's error numbers, which differ between its versions, to the engine's own.
 */
#ifndef LATCHKEY_TLS_ERROR_H
#define LATCHKEY_TLS_ERROR_H

#include "tls_engine.h"

/* What `result` means while the handshake goes on, or after it. Never NONE; verification faults are told elsewhere. */
tls_failure_t tls_error_failure(int result, bool handshaking);

#endif
