/**
 * YAML of the command line, with errors that tell the place and never the text. Loaded only where there is YAML to read: its
 * parser is the largest part of the room.
 * @module
 */
import { parseDocument } from "yaml";
import { ParameterError } from "./parameter-error.js";

/**
 * @param option for the message.
 * @throws {ParameterError} code `wrong-yaml`.
 */
export function parseYamlText(option: string, text: string): unknown {
	const document = parseDocument(text, { customTags: ["binary"], prettyErrors: true });
	const [error] = document.errors;
	const [start] = error?.linePos ?? [];
	if (error !== undefined) {
		const place = start === undefined ? "" : ` line ${start.line} column ${start.col}`;
		throw ParameterError.of(option, `Invalid YAML received. ${error.code}:${place}`, "wrong-yaml");
	}
	try {
		return document.toJS();
	} catch {
		throw ParameterError.of(option, "Invalid YAML received. Its aliases cannot be resolved", "wrong-yaml");
	}
}
