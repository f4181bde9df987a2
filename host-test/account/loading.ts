/**
 * Loads configurations from a folder that is not there.
 * @module
 */
import { type FunctionSource, loadAccount } from "../../src/account/index.js";
import type { AuthorizerFunction } from "../../src/authorizer/index.js";
import { createKeyPair } from "../authorizer/keys.js";

/** PEM of the key in /house/key.pem. */
export const key = createKeyPair().publicKey;

/** As it would be written. */
export const written = (config: unknown) => JSON.stringify(config, null, "\t");

/** Loads an account whose folder is /house and holds key.pem alone; tells the modules that were opened. */
export function load(config: unknown) {
	return loadText(written(config));
}

/** The same, of a text. */
export function loadText(text: string) {
	const opened: FunctionSource[] = [];
	const account = loadAccount(text, {
		directory: "/house",
		configuredAt: 5000,
		openFunction: ({ source }): AuthorizerFunction => {
			opened.push(source);
			return { invoke: async () => null, close: async () => {} };
		},
		readFile: (file) => {
			if (file === "/house/key.pem") return key;
			if (file === "/house/policy.json") return POLICY;
			throw new Error("ENOENT");
		},
	});
	return { account, opened };
}

/** What /house/policy.json holds. */
export const POLICY =
	'{ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "iot:*", "Resource": "*" } }';

export const GROUP = "arn:aws:iot:eu-west-1:123456789012:thinggroup/Sensors";

export const authorizer = { function: "F", tokenKeyName: "Tok", tokenSigningPublicKeys: { k1: key } };
export const config = {
	functions: { F: { module: "./authorizer.ts" } },
	authorizers: { Demo: authorizer },
};
