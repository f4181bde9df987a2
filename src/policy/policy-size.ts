/**
 * The size that AWS IoT allows a policy document.
 * @module
 */
import { MalformedPolicyError } from "./malformed.js";

/** Characters, white space not counted. */
const LARGEST = 2048;

/** A document over AWS's limit. `message` is the sentence to which AWS's operations put their own prefix. */
class PolicySizeError extends MalformedPolicyError {
	override readonly name = "PolicySizeError";
	override readonly code = "policy-too-large";

	constructor(characters: number) {
		super(
			`the document has ${characters} characters without white space, the most are ${LARGEST}`,
			`Size of a policy document cannot exceeds hard limit of ${LARGEST}`,
		);
	}
}

/**
 * Checks the size of a policy document.
 *
 * The limit is 2048 characters without white space (AWS IoT API Reference, CreatePolicy: "a maximum length of 2048,
 * excluding whitespace"; IAM User Guide, "Grammar of the IAM JSON policy language": "Policy size calculations do not
 * include white space characters"). White space is that of JSON (RFC 8259, section 2), within strings too; a character
 * is a UTF-16 unit.
 * @throws {MalformedPolicyError} with the code `policy-too-large`.
 */
export function checkPolicySize(text: string): void {
	if (text.length <= LARGEST) return;
	let characters = 0;
	for (let position = 0; position < text.length; position++) {
		const unit = text.charCodeAt(position);
		if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) characters++;
	}
	if (characters > LARGEST) throw new PolicySizeError(characters);
}
