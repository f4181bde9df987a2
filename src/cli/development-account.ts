/**
 * An account for somebody who has none: a key pair, tokens, and an authorizer with the example function.
 *
 * Everything secret is made at run time and kept in one folder for its owner alone.
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exists, readInput, replacePrivateFile } from "./files.js";
import { createKeyPair } from "./keys.js";

/** The authorizer of the development account. */
export const DEVELOPMENT_AUTHORIZER = { name: "DevelopmentAuthorizer", tokenKeyName: "token" } as const;

/** Where the parts of a development account are, and the `latchkey.json` they make. */
export interface DevelopmentAccount {
	readonly keyFile: string;
	readonly tokenFile: string;
	readonly clientId: string;
	/** JSON, as `loadAccount` takes it. */
	readonly config: string;
}

const FUNCTION_FILE = fileURLToPath(new URL("../../examples/authorizer.ts", import.meta.url));
/** Days a development token is good for. */
const TOKEN_DAYS = 30;

/**
 * The account in `directory`: what is there is used, what is missing is made.
 * @param clientId whom the token in `token` is for.
 * @param now milliseconds since the epoch.
 */
export async function openDevelopmentAccount(
	directory: string,
	clientId: string,
	now: number,
): Promise<DevelopmentAccount> {
	const { keyFile, publicKeyFile, tokenFile } = filesIn(directory);
	if (!(await exists(keyFile)) || !(await exists(publicKeyFile))) {
		const { privateKey, publicKey } = await createKeyPair();
		await replacePrivateFile(keyFile, privateKey);
		await replacePrivateFile(publicKeyFile, publicKey);
	}
	await replacePrivateFile(tokenFile, createToken({ sub: clientId, role: "device" }, now));
	return describe(directory, clientId);
}

/** The account that is in `directory` already; undefined where there is none. Nothing is written. */
export async function readDevelopmentAccount(
	directory: string,
	clientId: string,
): Promise<DevelopmentAccount | undefined> {
	const { keyFile, publicKeyFile } = filesIn(directory);
	const isThere = (await exists(keyFile)) && (await exists(publicKeyFile));
	return isThere ? describe(directory, clientId) : undefined;
}

function filesIn(directory: string) {
	return {
		keyFile: join(directory, "private.pem"),
		publicKeyFile: join(directory, "public.pem"),
		tokenFile: join(directory, "token"),
	};
}

async function describe(directory: string, clientId: string): Promise<DevelopmentAccount> {
	const { keyFile, publicKeyFile, tokenFile } = filesIn(directory);
	const { name, tokenKeyName } = DEVELOPMENT_AUTHORIZER;
	const config = JSON.stringify({
		functions: { ExampleFunction: { module: FUNCTION_FILE } },
		authorizers: {
			[name]: {
				function: "ExampleFunction",
				tokenKeyName,
				tokenSigningPublicKeys: { DevelopmentKey: await readInput(publicKeyFile, "public key") },
			},
		},
	});
	return { keyFile, tokenFile, clientId, config };
}

/** A token of the form that `examples/authorizer.ts` reads. */
export function createToken(claims: { sub: string; role: "device" | "operator" }, now: number): string {
	const exp = Math.floor(now / 1000) + TOKEN_DAYS * 86_400;
	return Buffer.from(JSON.stringify({ ...claims, exp })).toString("base64url");
}
