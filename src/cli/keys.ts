/**
 * `latchkey keys create`: the RSA key pair of an authorizer.
 * @module
 */
import { generateKeyPair } from "node:crypto";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Command } from "commander";
import { createPrivateFile, requireAbsent } from "./files.js";
import { addExamples, wantsJson } from "./output.js";

export interface KeyPair {
	/** PKCS#8 PEM. */
	readonly privateKey: string;
	/** SubjectPublicKeyInfo PEM, as `aws iot create-authorizer --token-signing-public-keys` takes it. */
	readonly publicKey: string;
}

/** An RSA-2048 key pair with e = 65537. */
export async function createKeyPair(): Promise<KeyPair> {
	return promisify(generateKeyPair)("rsa", {
		modulusLength: 2048,
		publicKeyEncoding: { type: "spki", format: "pem" },
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
	});
}

export function addKeysVerb(program: Command): void {
	const keys = program.command("keys").description("make the key pair that signs and verifies tokens");
	const create = keys
		.command("create")
		.description("make an RSA-2048 key pair: the private half signs tokens, the public half goes to the authorizer")
		.option("--out <folder>", "where to put private.pem and public.pem, both for their owner alone", "keys")
		.option("--json", "print one JSON line")
		.action(async ({ out, json }: { out: string; json?: boolean }) => {
			const privateKeyFile = join(out, "private.pem");
			const publicKeyFile = join(out, "public.pem");
			await requireAbsent(privateKeyFile, publicKeyFile);
			const { privateKey, publicKey } = await createKeyPair();
			await createPrivateFile(privateKeyFile, privateKey);
			await createPrivateFile(publicKeyFile, publicKey);
			if (wantsJson(json)) console.log(JSON.stringify({ privateKeyFile, publicKeyFile }));
			else console.log(`private key  ${privateKeyFile}\npublic key   ${publicKeyFile}`);
		});
	addExamples(create, ["latchkey keys create", "latchkey keys create --out fleet-2026"]);
}
