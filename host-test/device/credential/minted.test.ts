/**
 * Mode `minted` end to end: the gateway verifies the signature of a token that the device has made a moment before, and the
 * function believes its claims.
 * @module
 */
import { generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { loadConfiguredAccount } from "../../../src/cli/account-source.js";
import { createDevelopmentCa, issueServerCertificate } from "../../../src/gateway/development-ca.js";
import { Gateway } from "../../../src/gateway/index.js";
import { type DeviceEvent, startNodeDevice } from "../../../src/host/virtual-device.js";
import { provisionedStore } from "../../provisioned-store.js";

/** Lets in whoever has a token for its own client id that is good now. */
const FUNCTION = `
export async function handler({ token, signatureVerified, protocolData }) {
	const { sub, iat, exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
	const now = Date.now() / 1000;
	const isGood = signatureVerified && sub === protocolData.mqtt.clientId && iat <= now && now < exp;
	const Statement = [{ Effect: "Allow", Action: "iot:Connect", Resource: "*" }];
	return {
		isAuthenticated: isGood,
		principalId: "device",
		policyDocuments: [{ Version: "2012-10-17", Statement }],
		refreshAfterInSeconds: 86400,
		disconnectAfterInSeconds: 86400,
	};
}
`;

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const folder = mkdtempSync(join(tmpdir(), "latchkey-minted-"));
writeFileSync(join(folder, "function.mjs"), FUNCTION);
const ca = await createDevelopmentCa(Date.now());
const server = await issueServerCertificate(ca, { serverNames: ["localhost"], now: Date.now() });
const account = loadConfiguredAccount(
	JSON.stringify({
		functions: { F: { module: "function.mjs" } },
		authorizers: {
			Minted: {
				function: "F",
				tokenKeyName: "token",
				tokenSigningPublicKeys: { K: publicKey.export({ type: "spki", format: "pem" }) },
			},
		},
		defaultAuthorizer: "Minted",
	}),
	{ directory: folder },
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
	rmSync(folder, { recursive: true });
});

/** How the device's first attempt ends. */
async function attempt(sub: string, key: KeyObject): Promise<string> {
	const store = provisionedStore({
		version: 1,
		mode: "minted",
		clientId: "dev-1",
		endpoint: { host: "localhost", port: gateway.port },
		tokenKeyName: "token",
		claims: { sub },
		privateKey: key.export({ type: "pkcs8", format: "pem" }),
	});
	let device: ReturnType<typeof startNodeDevice> | undefined;
	const first = await new Promise<DeviceEvent>((resolve, reject) => {
		device = startNodeDevice({
			store,
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

test("a device gets in with a token that it has minted", async (t) => {
	t.is(await attempt("dev-1", privateKey), "online");
});

test("claims of another device, and a key that the authorizer does not know, are refused", async (t) => {
	t.is(await attempt("dev-2", privateKey), "refused");
	t.is(await attempt("dev-1", stranger), "refused");
});
