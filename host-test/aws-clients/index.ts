/**
 * The clients that people point at AWS, as they are: the AWS CLI and boto3, from Debian's packages.
 * @module
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { LineProcess } from "./line-process.js";

/** Debian's Python; another one in PATH need not have Debian's packages. */
const PYTHON = "/usr/bin/python3";

export interface CommandResult {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** What the clients are told by the environment: credentials of nobody, one attempt, no pager. */
const ENVIRONMENT = {
	AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
	AWS_SECRET_ACCESS_KEY: "example",
	AWS_DEFAULT_REGION: "eu-west-1",
	AWS_REGION: "eu-west-1",
	AWS_PAGER: "",
	AWS_MAX_ATTEMPTS: "1",
	AWS_EC2_METADATA_DISABLED: "true",
	AWS_CONFIG_FILE: "/nonexistent",
	AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
	PYTHONUTF8: "1",
	// The AWS CLI asks the terminal for them otherwise, some thirty times a command.
	COLUMNS: "80",
	LINES: "24",
};

export interface CommandSurroundings {
	/** Of the API; added as `--endpoint-url`. */
	readonly endpoint: string;
	/** Working directory, for `file://` parameters. */
	readonly directory: string;
	readonly environment?: Readonly<Record<string, string>>;
}

/** What the AWS CLI's shorthand parser makes of a text. */
export type ShorthandReading = { readonly value: unknown } | { readonly error: string };

/** The AWS CLI. A command that takes longer than a minute ends it, and whoever waits for it is told. */
export class AwsCli {
	private readonly process = new LineProcess(PYTHON, [scriptFile("aws_cli.py")], ENVIRONMENT);

	/** Runs `aws`. */
	async run(args: readonly string[], surroundings: CommandSurroundings): Promise<CommandResult> {
		const { endpoint, directory, environment = {} } = surroundings;
		return (await this.process.ask({
			arguments: ["--endpoint-url", endpoint, ...args],
			directory,
			environment,
		})) as CommandResult;
	}

	/** What the CLI's shorthand parser makes of texts. */
	async parseShorthand(texts: readonly string[]): Promise<readonly ShorthandReading[]> {
		return (await this.process.ask({ shorthand: texts })) as readonly ShorthandReading[];
	}

	/** What Python's base64, as the CLI uses it, makes of texts: hex digits, or null for an error. */
	async decodeBase64(texts: readonly string[]): Promise<readonly (string | null)[]> {
		return (await this.process.ask({ base64: texts })) as readonly (string | null)[];
	}

	close(): Promise<void> {
		return this.process.close();
	}
}

export type Boto3Result =
	| { readonly response: Readonly<Record<string, unknown>> }
	| {
			readonly error: {
				readonly code: string | null;
				readonly message: string | null;
				readonly class: string;
				readonly status: number | null;
			};
	  };

/** boto3. */
export class Boto3 {
	private readonly process = new LineProcess(PYTHON, [scriptFile("boto3_calls.py")], ENVIRONMENT);

	/**
	 * @param endpoint of the API.
	 * @param operation as boto3 spells it, `test_invoke_authorizer`.
	 */
	async call(endpoint: string, service: string, operation: string, parameters: unknown): Promise<Boto3Result> {
		return (await this.process.ask({ endpoint, service, operation, parameters })) as Boto3Result;
	}

	close(): Promise<void> {
		return this.process.close();
	}
}

/**
 * Whether a client is installed. Where it is not, a line says what is left out; with CI=true that is an error.
 * @param client a Python module.
 */
export function isInstalled(client: "awscli.botocore" | "boto3"): boolean {
	if (spawnSync(PYTHON, ["-c", `import ${client}`], { stdio: "ignore" }).status === 0) return true;
	const debian = client === "boto3" ? "python3-boto3" : "awscli";
	const problem = `${client} is not installed: its tests are left out (apt-get install ${debian})`;
	if (process.env["CI"] === "true") throw new Error(problem);
	console.error(problem);
	return false;
}

function scriptFile(name: string): string {
	return fileURLToPath(new URL(name, import.meta.url));
}
