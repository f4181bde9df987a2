/**
 * An operation of the API as one row: how it is asked for, what it takes, what it may refuse, what it does.
 * @module
 */
import type { ErrorType, Service } from "./errors.js";
import type { InputOf, Members, StructureShape } from "./shape.js";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** An answer other than JSON, or with headers of its own. */
export class Reply {
	/** The operation's own status unless said otherwise. */
	readonly status: number | undefined;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Uint8Array | undefined;

	constructor({ status, headers = {}, body }: ReplyParts) {
		this.status = status;
		this.headers = headers;
		this.body = body;
	}
}

export interface ReplyParts {
	readonly status?: number | undefined;
	readonly headers?: Readonly<Record<string, string>> | undefined;
	readonly body?: Uint8Array | undefined;
}

/**
 * An object goes out as JSON, its undefined members left out, its nulls kept; nothing as `{}`, or as no body at all with
 * status 204.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a row that answers nothing need not say so
export type Output = object | undefined | void;

interface OperationFacts {
	readonly service: Service;
	/** AWS's name, for instance `CreateAuthorizer`. */
	readonly name: string;
	readonly method: Method;
	/** With labels, `/authorizer/{authorizerName}`; a last one with `+` takes slashes, `/topics/{topic+}`. */
	readonly path: string;
	/** HTTP status of success; 200 unless said otherwise. */
	readonly status?: number | undefined;
	/** Error types that it answers with, besides those of a malformed request. */
	readonly errors: readonly ErrorType[];
	/** Bytes of the body at most; 1 MiB unless said otherwise. */
	readonly bodyLimit?: number | undefined;
	/** Where it differs from AWS, for the table of docs/api.md. */
	readonly differences?: string | undefined;
}

/** What a row has to say; `run` is called with an input that passed. */
export interface OperationRow<M extends Members, R extends string, C> extends OperationFacts {
	readonly input: StructureShape<M, R>;
	run(input: InputOf<StructureShape<M, R>>, context: C): Output | Promise<Output>;
}

/** A row with its input's type left aside, so that rows make a table. */
export interface Operation<C = unknown> extends OperationFacts {
	readonly status: number;
	readonly bodyLimit: number;
	readonly input: StructureShape;
	/** @param input what {@link Operation.input} made of the request; its type is known to the row alone. */
	run(input: never, context: C): Output | Promise<Output>;
}

/** Bytes of a body at most, of an operation that says nothing else and of a request that no operation took. */
export const BODY_LIMIT = 1_048_576;

/**
 * Makes a row of the table.
 * @throws {TypeError} where path and input disagree: a defect of the row.
 */
export function operation<const M extends Members, const R extends string, C>(
	row: OperationRow<M, R, C>,
): Operation<C> {
	const labels = pathLabels(row.path);
	const members = Object.entries(row.input.members);
	const inPath = members.flatMap(([name, member]) => ("location" in member && member.location === "uri" ? [name] : []));
	if (inPath.length !== labels.length || labels.some((label) => !inPath.includes(label))) {
		throw new TypeError(`${row.name}: the path has ${labels.join(", ")}, the input ${inPath.join(", ")}`);
	}
	const { status = 200, bodyLimit = BODY_LIMIT } = row;
	return { ...row, status, bodyLimit, input: row.input as unknown as StructureShape };
}

/** Names of a path's labels, in order. */
export function pathLabels(path: string): readonly string[] {
	return [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, label]) => label ?? "");
}
