/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For hosts of XS whose modules cannot name C functions: the global `native` has what native.ts exports, `library` as
 * the text itself. The Moddable SDK compiles native.ts itself and leaves this file out.
 */
#include "tls_engine_xs.h"

void latchkey_native_install(xsMachine* the);

typedef struct {
	const char* name;
	xsCallback callback;
	xsIntegerValue length;
} member_t;

static const member_t methods[] = {
	{ "receive", xs_tls_engine_receive, 1 },
	{ "produced", xs_tls_engine_produced, 1 },
	{ "send", xs_tls_engine_send, 1 },
	{ "plain", xs_tls_engine_plain, 1 },
	{ "end", xs_tls_engine_end, 0 },
	{ "closeNotify", xs_tls_engine_close_notify, 0 },
	{ "close", xs_tls_engine_close, 0 },
};

static const member_t getters[] = {
	{ "state", xs_tls_engine_get_state, 0 },
	{ "failure", xs_tls_engine_get_failure, 0 },
	{ "readable", xs_tls_engine_get_readable, 0 },
	{ "writable", xs_tls_engine_get_writable, 0 },
	{ "pending", xs_tls_engine_get_pending, 0 },
	{ "alert", xs_tls_engine_get_alert, 0 },
	{ "depth", xs_tls_engine_get_depth, 0 },
	{ "version", xs_tls_engine_get_version, 0 },
	{ "cipherSuite", xs_tls_engine_get_cipher_suite, 0 },
	{ "protocol", xs_tls_engine_get_protocol, 0 },
};

static const member_t hash_methods[] = {
	{ "update", xs_hash_update, 1 },
	{ "digest", xs_hash_digest, 0 },
};

static const member_t functions[] = {
	{ "signRsaSha256", xs_sign_rsa_sha256, 2 },
	{ "randomBytes", xs_random_bytes, 1 },
	{ "sha256", xs_sha256, 1 },
	{ "sha512", xs_sha512, 1 },
};

#define COUNT(members) (sizeof (members) / sizeof (members)[0])

/* A constructor made in C makes its instance itself. */
static void make_instance(xsMachine* the)
{
	xsmcVars(1);
	if (xsmcTypeOf(xsTarget) == xsUndefinedType)
		xsTypeError("native: expected new");
	xsmcGet(xsVar(0), xsTarget, xsID("prototype"));
	xsmcSetNewHostInstance(xsThis, xsVar(0));
	xsResult = xsThis;
}

static void construct_engine(xsMachine* the)
{
	make_instance(the);
	xs_tls_engine(the);
}

static void construct_hash(xsMachine* the)
{
	make_instance(the);
	xs_hash(the);
}

static void define(xsMachine* the, const member_t* members, size_t count, xsAttribute attributes)
{
	for (size_t at = 0; at < count; at++) {
		xsVar(2) = xsNewHostFunction(members[at].callback, members[at].length);
		xsmcDefine(xsVar(1), xsID(members[at].name), xsVar(2), attributes);
	}
}

/* Called inside a host's frame. */
void latchkey_native_install(xsMachine* machine)
{
	xsBeginHost(machine);
	xsmcVars(4);
	xsmcSetNewObject(xsVar(3));
	xsVar(1) = xsNewHostObject(xs_tls_engine_destructor);
	define(the, methods, COUNT(methods), xsDontEnum);
	define(the, getters, COUNT(getters), xsDontEnum | xsIsGetter);
	xsVar(0) = xsNewHostConstructor(construct_engine, 1, xsVar(1));
	xsmcDefine(xsVar(3), xsID("TlsEngine"), xsVar(0), xsDontEnum);
	xsVar(1) = xsNewHostObject(xs_hash_destructor);
	define(the, hash_methods, COUNT(hash_methods), xsDontEnum);
	xsVar(0) = xsNewHostConstructor(construct_hash, 0, xsVar(1));
	xsmcDefine(xsVar(3), xsID("Sha256"), xsVar(0), xsDontEnum);
	xsVar(1) = xsVar(3);
	define(the, functions, COUNT(functions), xsDontEnum);
	xsVar(2) = xsNewHostFunction(xs_tls_library, 0);
	xsmcDefine(xsVar(1), xsID("library"), xsVar(2), xsDontEnum | xsIsGetter);
	xsVar(2) = xsGlobal;
	xsmcDefine(xsVar(2), xsID("native"), xsVar(1), xsDontEnum);
	xsEndHost(machine);
}
