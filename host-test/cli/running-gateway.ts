/**
 * `latchkey up` in a folder of its own, for as long as a test needs it.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createToken } from "../../src/cli/development-account.js";
import { type Event, Running } from "./run.js";

/** On free ports. */
export const UP = ["up", "--port", "0", "--api-port", "0"];

export interface Up extends Event {
	readonly gateway: { readonly port: number; readonly caFile: string };
	readonly authorizer: { readonly name: string; readonly tokenKeyName: string };
	readonly keyFile: string;
	readonly tokenFile: string;
	readonly clientId: string;
}

export async function withGateway(
	run: (up: Up, gateway: Running, folder: string) => Promise<void>,
	args: string[] = [],
) {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-up-"));
	const gateway = new Running([...UP, "--json", ...args], { folder });
	try {
		const up = (await gateway.event(({ event }) => event === "up")) as Up;
		await run({ ...up, ...absolute(up, folder) }, gateway, folder);
	} finally {
		await gateway.interrupt();
		rmSync(folder, { recursive: true });
	}
}

/** Paths in the event are relative to the folder the command runs in. */
function absolute({ gateway, keyFile, tokenFile }: Up, folder: string) {
	return {
		gateway: { ...gateway, caFile: join(folder, gateway.caFile) },
		keyFile: keyFile && join(folder, keyFile),
		tokenFile: tokenFile && join(folder, tokenFile),
	};
}

/** A file with the credential of somebody whom the development account lets in. */
export function credentialFile(up: Up, folder: string, clientId: string, role: "device" | "operator"): string {
	const { name, tokenKeyName } = up.authorizer;
	const file = join(folder, `${clientId}.json`);
	const credential = {
		version: 1,
		mode: "rsa",
		clientId,
		endpoint: { host: "localhost", port: up.gateway.port },
		authorizerName: name,
		tokenKeyName,
		token: createToken({ sub: clientId, role }, Date.now()),
		privateKey: readFileSync(up.keyFile, "utf8"),
	};
	writeFileSync(file, JSON.stringify(credential));
	return file;
}
