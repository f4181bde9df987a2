/**
 * The AWS CLI by its `--cli-input-json`; its own options are tested apart.
 * @module
 */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsCli } from "../../aws-clients/index.js";
import { type ApiClient, type Input, type Outcome, type ServiceName, saying, words } from "./client.js";

const ERROR = /^An error occurred \((\w+)\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: (.*)$/s;
/** The CLI prints dates by the ISO calendar. */
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00$/;

export class AwsCliClient implements ApiClient {
	readonly name = "AWS CLI";
	readonly older = true;
	readonly checks = true;
	private readonly cli = new AwsCli();
	private readonly directory = mkdtempSync(join(tmpdir(), "latchkey-aws-cli-"));

	async call(endpoint: string, service: ServiceName, operation: string, input: Input): Promise<Outcome> {
		const args = [service, words(operation, "-"), ...this.parameters(operation, input)];
		const { exitCode, stdout, stderr } = await this.cli.run(args, { endpoint, directory: this.directory });
		if (exitCode !== 0) return failure(exitCode, stderr);
		const output = stdout.trim() === "" ? {} : (JSON.parse(stdout) as object);
		const body = operation === "Invoke" ? { Payload: (await readFile(this.outputFile)).toString("base64") } : {};
		return { output: saying(plain({ ...output, ...body })) };
	}

	async close(): Promise<void> {
		await this.cli.close();
		rmSync(this.directory, { recursive: true, force: true });
	}

	private get outputFile(): string {
		return join(this.directory, "invoke-output");
	}

	/** Invoke alone takes no JSON, but an option for each member, and a file for the answer. */
	private parameters(operation: string, input: Input): readonly string[] {
		if (operation !== "Invoke") {
			const json = JSON.stringify(input, (_, value) => (isBytes(value) ? base64Of(value) : value));
			return ["--cli-input-json", json];
		}
		const options = Object.entries(input).flatMap(([name, value]) => [
			`--${words(name, "-")}`,
			isBytes(value) ? base64Of(value) : String(value),
		]);
		return [...options, this.outputFile];
	}
}

/** What the CLI ends with where the service answers with an error, and where it does not send the command. */
const EXIT = { serviceError: 254, unsent: 252 };

function failure(exitCode: number, stderr: string): Outcome {
	const [, type, message = ""] = ERROR.exec(stderr.trim()) ?? [];
	if (exitCode === EXIT.serviceError && type !== undefined) {
		return { error: { type, message: message === "None" ? "" : message } };
	}
	if (exitCode === EXIT.unsent) return { unsent: stderr };
	throw new Error(`aws ended with exit code ${exitCode}: ${stderr}`);
}

/** JSON.stringify has asked a Buffer for its own form before the replacer sees it. */
function isBytes(value: unknown): value is { type: "Buffer"; data: number[] } | Uint8Array {
	return value instanceof Uint8Array || (value as { type?: unknown } | null)?.type === "Buffer";
}

function base64Of(value: { type: "Buffer"; data: number[] } | Uint8Array): string {
	return Buffer.from(value instanceof Uint8Array ? value : value.data).toString("base64");
}

function plain(output: object): Readonly<Record<string, unknown>> {
	return plainValue(output) as Readonly<Record<string, unknown>>;
}

function plainValue(value: unknown): unknown {
	if (typeof value === "string" && DATE.test(value)) return Date.parse(value);
	if (Array.isArray(value)) return value.map(plainValue);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainValue(member)]));
}
