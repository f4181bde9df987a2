/**
 * A device in XS says whose TLS secures it, and passes on what TLS has to say of a refusal.
 * @module
 */
import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import type { ExecutionContext } from "ava";
import { CREDENTIAL_VERSION } from "../../src/device/credential/index.js";
import { createDevelopmentCa, issueServerCertificate } from "../../src/gateway/development-ca.js";
import type { DeviceEvent } from "../../src/host/virtual-device.js";
import { listenOnLoopback } from "../loopback.js";
import { provisionedStore } from "../provisioned-store.js";
import { engineTest } from "./engine-test.js";
import type { XsEngine } from "./index.js";
import { Mailbox } from "./mailbox.js";
import { bundleDevice, startXsDevice } from "./xs-device.js";

const now = Date.now();
const ca = await createDevelopmentCa(now);
const anchor = Uint8Array.from(new X509Certificate(ca.certificate).raw).buffer;
const { certificate: cert, privateKey: key } = await issueServerCertificate(ca, { serverNames: ["iot.test"], now });
const test = await engineTest();

/** A server that listens, and no more than that. */
function listen(t: ExecutionContext): Promise<number> {
	const server = tls.createServer({ cert, key, ALPNProtocols: ["mqtt"] }, (socket) => {
		socket.on("error", () => undefined);
	});
	server.on("tlsClientError", () => undefined);
	return listenOnLoopback(t, server);
}

/** The first event of this name on a device that was just switched on. */
async function firstEvent<Name extends DeviceEvent["event"]>(
	t: ExecutionContext,
	engine: XsEngine,
	name: Name,
	certificate?: ArrayBuffer,
): Promise<Extract<DeviceEvent, { readonly event: Name }>> {
	const credential = {
		version: CREDENTIAL_VERSION,
		mode: "presigned",
		clientId: "dev1",
		endpoint: { host: "127.0.0.1", port: await listen(t), serverName: "iot.test" },
		tokenKeyName: "token",
		token: "t",
		signature: "AAAA",
	};
	const events = new Mailbox<DeviceEvent>();
	const device = await startXsDevice(engine, await bundleDevice(), {
		store: provisionedStore(credential),
		certificate,
		onEvent: (event) => events.put(event),
		onError: (error) => t.fail(error.message),
	});
	t.teardown(() => device.stop());
	for (;;) {
		const event = await events.take();
		if (event.event === name) return event as Extract<DeviceEvent, { readonly event: Name }>;
	}
}

test("where TLS stays in Node the device says so", async (t, engine) => {
	const secured = await firstEvent(t, { ...engine, native: false }, "secured", anchor);
	t.like(secured, { tls: "node", tlsVersion: "TLSv1.3", alpn: "mqtt" });
	t.regex(secured.cipherSuite!, /^TLS_AES_/);
});

test("where TLS is the device's own it tells library, version and cipher suite", async (t, engine) => {
	const secured = await firstEvent(t, engine, "secured", anchor);
	t.regex(secured.tls!, engine.native ? /^mbedtls \d+\.\d+\.\d+$/ : /^node$/);
	t.regex(secured.tlsVersion!, /^TLSv1\.[23]$/);
	t.is(secured.alpn, "mqtt");
});

test("a refusal of TLS is the device's outcome with its detail, whosever TLS it is", async (t, engine) => {
	for (const native of [engine.native, false]) {
		const { outcome } = await firstEvent(t, { ...engine, native }, "over");
		t.like(outcome, { kind: "tls-trust", detail: "certificate-untrusted" });
		t.regex(outcome.remedy, /root/);
	}
});
