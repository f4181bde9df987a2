/**
 * An authorizer with signing disabled, end to end: claims signed by the device or by node:crypto, verified by tweetnacl in the
 * function.
 * @module
 */
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { fileURLToPath } from "node:url";
import test from "ava";
import { loadConfiguredAccount } from "../../src/cli/account-source.js";
import type { AgentEvent } from "../../src/device/agent/index.js";
import { createDevelopmentCa, issueServerCertificate } from "../../src/gateway/development-ca.js";
import { Gateway } from "../../src/gateway/index.js";
import { startNodeDevice } from "../../src/host/virtual-device.js";
import { provisionedStore } from "../provisioned-store.js";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519").privateKey;
const DEVICE_KEYS = JSON.stringify({
	"dev-1": Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("base64"),
});

const now = Math.floor(Date.now() / 1000);
const ca = await createDevelopmentCa(Date.now());
const server = await issueServerCertificate(ca, { serverNames: ["localhost"], now: Date.now() });
const account = loadConfiguredAccount(
	JSON.stringify({
		functions: {
			F: {
				module: fileURLToPath(new URL("../../examples/authorizer-ed25519.ts", import.meta.url)),
				environment: { DEVICE_KEYS },
			},
		},
		authorizers: { PerDeviceKeys: { function: "F", signingDisabled: true } },
		defaultAuthorizer: "PerDeviceKeys",
	}),
	{ directory: "." },
);
const gateway = await Gateway.start({
	host: "127.0.0.1",
	port: 0,
	tls: { key: server.privateKey, cert: server.certificate },
	serverNames: ["localhost"],
	account,
});
test.after.always(async () => {
	await gateway.close();
	await account.close();
});

/** How the first attempt of a device ends that shows a claim which was made for it. */
function attempt(clientId: string, password: string): Promise<string> {
	return powerUp({ mode: "unsigned", clientId, username: "any", password });
}

/** How the first attempt of a device ends that signs its claim itself. */
function attemptByKey(clientId: string, key: KeyObject): Promise<string> {
	return powerUp({ mode: "ed25519", clientId, privateKey: key.export({ type: "pkcs8", format: "pem" }) });
}

async function powerUp(identity: object): Promise<string> {
	const credential = { version: 1, endpoint: { host: "localhost", port: gateway.port }, ...identity };
	let device: ReturnType<typeof startNodeDevice> | undefined;
	const first = await new Promise<AgentEvent>((resolve, reject) => {
		device = startNodeDevice({
			store: provisionedStore(credential),
			certificate: Uint8Array.from(new X509Certificate(ca.certificate).raw).buffer,
			onEvent: (event) => {
				if (event.event === "online" || event.event === "over" || event.event === "failed") resolve(event);
			},
			onError: reject,
		});
	});
	await device?.stop();
	return first.event === "over" ? first.outcome.kind : first.event;
}

function claim(clientId: string, issuedAt: number, key: KeyObject): string {
	return `${issuedAt}.${sign(null, Buffer.from(`${clientId}.${issuedAt}`), key).toString("base64url")}`;
}

test("a device with its own key gets in without a token", async (t) => {
	t.is(await attempt("dev-1", claim("dev-1", now, privateKey)), "online");
});

test("a device that holds its key signs its claim itself", async (t) => {
	t.is(await attemptByKey("dev-1", privateKey), "online");
	t.is(await attemptByKey("dev-1", stranger), "refused");
	t.is(await attemptByKey("dev-2", privateKey), "refused");
});

test("another key, another name, an old claim and no claim are refused", async (t) => {
	t.is(await attempt("dev-1", claim("dev-1", now, stranger)), "refused");
	t.is(await attempt("dev-2", claim("dev-2", now, privateKey)), "refused");
	t.is(await attempt("dev-1", claim("dev-1", now - 3600, privateKey)), "refused");
	t.is(await attempt("dev-1", "no claim"), "refused");
	t.is(await attempt("toString", claim("toString", now, privateKey)), "refused");
});
