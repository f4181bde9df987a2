import { generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { CredentialVault } from "../../src/device/credential/index.js";
import { FileStore } from "../../src/host/file-store.js";
import { nodeDigest } from "../../src/host/ports.js";
import { ROOT } from "../../src/toolchain/sdk.js";
import { fillStore, type StoreContents } from "../../src/toolchain/simulated-store.js";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const CREDENTIAL = {
	version: 1,
	mode: "rsa",
	clientId: "dev1",
	endpoint: { host: "gateway.lan", port: 443 },
	authorizerName: "Gate",
	tokenKeyName: "token",
	token: "a-token",
	privateKey: privateKey.export({ type: "pkcs8", format: "pem" }),
};
const PLAIN: StoreContents = { ssid: "simulated", accessPoint: "up" };

function vaultOf(folder: string): CredentialVault {
	return new CredentialVault(new FileStore(join(folder, "latchkey")), nodeDigest);
}

async function folderOf(t: ExecutionContext): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-store-"));
	t.teardown(() => rm(folder, { recursive: true }));
	return folder;
}

test("the folder is the device's flash: its domains, and the access point beside them", async (t) => {
	const folder = await folderOf(t);
	const store = join(folder, "store");
	fillStore(store, { ...PLAIN, ssid: "Café" });
	t.is(readFileSync(join(store, "wifi/ssid"), "utf8"), "Café");
	t.is(readFileSync(join(store, "access-point"), "utf8"), "up");
	t.is(statSync(store).mode & 0o077, 0);
});

test("a credential is written as the device reads it", async (t) => {
	const folder = await folderOf(t);
	const file = join(folder, "credential.json");
	writeFileSync(file, JSON.stringify(CREDENTIAL));
	fillStore(folder, { ...PLAIN, credentialFile: file });
	const { credential } = vaultOf(folder).select();
	t.like(credential, { mode: "rsa", clientId: "dev1", endpoint: { host: "gateway.lan", port: 443 } });
});

test("an endpoint takes the place of the credential's", async (t) => {
	const folder = await folderOf(t);
	const file = join(folder, "credential.json");
	writeFileSync(file, JSON.stringify(CREDENTIAL));
	fillStore(folder, { ...PLAIN, credentialFile: file, endpoint: "localhost:8443" });
	const { credential } = vaultOf(folder).select();
	t.like(credential.endpoint, { host: "localhost", port: 8443 });
	for (const endpoint of ["localhost", "localhost:", ":8443", "local host:1"])
		t.throws(() => fillStore(folder, { ...PLAIN, credentialFile: file, endpoint }), { code: "wrong-option" });
});

test("a credential that the device would refuse is refused here, and what is there stays", async (t) => {
	const folder = await folderOf(t);
	const file = join(folder, "credential.json");
	writeFileSync(file, JSON.stringify(CREDENTIAL));
	fillStore(folder, { ...PLAIN, credentialFile: file });
	writeFileSync(file, JSON.stringify({ ...CREDENTIAL, clientId: "" }));
	t.throws(() => fillStore(folder, { ...PLAIN, credentialFile: file }), { name: "DeviceError" });
	t.is(vaultOf(folder).select().credential.clientId, "dev1");
});

test("a root is taken in either form, as the one certificate it is", async (t) => {
	const folder = await folderOf(t);
	const der = readFileSync(join(ROOT, "certs/amazon-root-ca-1.der"));
	const pem = join(folder, "root.pem");
	writeFileSync(pem, `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`);
	for (const rootFile of [pem, join(ROOT, "certs/amazon-root-ca-1.der")]) {
		fillStore(folder, { ...PLAIN, rootFile });
		t.deepEqual(readFileSync(join(folder, "latchkey/root")), der);
	}
});

test("a file that is not there, or holds no certificate, is named", async (t) => {
	const folder = await folderOf(t);
	const gone = join(folder, "gone");
	t.throws(() => fillStore(folder, { ...PLAIN, rootFile: gone }), { code: "unreadable", message: /gone/ });
	writeFileSync(gone, "no certificate");
	t.throws(() => fillStore(folder, { ...PLAIN, rootFile: gone }), { code: "unreadable", message: /gone/ });
});
