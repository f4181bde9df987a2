/**
 * A whole Latchkey as `latchkey up` starts it, for the clients of its API.
 * @module
 */
import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Account } from "../../src/account/index.js";
import { loadConfiguredAccount } from "../../src/cli/account-source.js";
import { closeStage, openStage, type Stage } from "../../src/cli/stage.js";

const SCRIPTED = fileURLToPath(new URL("functions/scripted.mjs", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../examples/authorizer.ts", import.meta.url));

const KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const PUBLIC_KEY = KEYS.publicKey.export({ type: "spki", format: "pem" }).toString();
const OTHER_KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const OTHER_PUBLIC_KEY = OTHER_KEYS.publicKey.export({ type: "spki", format: "pem" }).toString();

/** The signature of a token, as AWS wants it. */
export function sign(token: string, { privateKey }: { readonly privateKey: typeof KEYS.privateKey } = KEYS): string {
	return createSign("SHA256").update(token).sign(privateKey, "base64");
}

/** The same by a key that is the second one of a rotation. */
export function signByOther(token: string): string {
	return sign(token, OTHER_KEYS);
}

/** ARN of a resource of the site's account. */
export function arn(service: "iot" | "lambda", resource: string): string {
	return `arn:aws:${service}:eu-west-1:123456789012:${resource}`;
}

export const SCRIPTED_ARN = arn("lambda", "function:Scripted");

/** What the function of an authorizer answers if it lets somebody in. */
export const ADMISSION = {
	isAuthenticated: true,
	principalId: "Principal1",
	policyDocuments: [{ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iot:*", Resource: "*" }] }],
};

/** A token that makes the scripted function answer this. */
export function tokenFor(answer: unknown): string {
	return JSON.stringify({ answer });
}

const CONFIGURATION = {
	functions: {
		Scripted: { module: SCRIPTED },
		Example: { module: EXAMPLE },
		Forbidden: { module: SCRIPTED, permissions: [] },
	},
	authorizers: {
		Signed: { function: "Scripted", tokenKeyName: "token", tokenSigningPublicKeys: { K1: PUBLIC_KEY } },
		Unsigned: { function: "Scripted", signingDisabled: true },
		NotPermitted: { function: "Forbidden", signingDisabled: true },
	},
};

export interface ControlPlaneSite {
	readonly account: Account;
	readonly stage: Stage;
	/** Of the API. */
	readonly url: string;
	/** Of its own, for files. */
	readonly directory: string;
	close(): Promise<void>;
}

/** @param configuration as `latchkey.json` has it. */
export async function openSite(configuration: object = CONFIGURATION): Promise<ControlPlaneSite> {
	const directory = await mkdtemp(join(tmpdir(), "latchkey-api-"));
	const account = loadConfiguredAccount(JSON.stringify(configuration), { directory });
	const api = { host: "127.0.0.1", port: 0, data: directory };
	const stage = await openStage({ account, directory, host: "127.0.0.1", port: 0, api });
	return {
		account,
		stage,
		url: stage.api.url,
		directory,
		async close() {
			await closeStage(stage);
			await account.close();
			await rm(directory, { recursive: true, force: true });
		},
	};
}
