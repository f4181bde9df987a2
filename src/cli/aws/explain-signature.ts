/**
 * The token of a test call and its signature against the registered keys: what is missing, or what went wrong with it.
 * @module
 */
import {
	type Authorizer,
	InvalidSigningKeyError,
	readCustomAuthFields,
	type SignatureVerification,
	verifyTokenSignature,
} from "../../authorizer/index.js";
import { printable } from "../../policy/index.js";
import { bad, type Finding, good, note } from "./finding.js";
import type { InvocationInput } from "./invocation.js";

/** Nothing where only one of token and signature is given: the service's own error is about that. */
export function explainSignature(input: InvocationInput, authorizer: Authorizer): Finding[] {
	const { tokenKeyName = "" } = authorizer;
	if (input.token !== undefined || input.tokenSignature !== undefined) {
		const { token, tokenSignature: signature } = input;
		if (token === undefined || signature === undefined) return [];
		return explainPair({ token, signature, encoded: false }, authorizer);
	}
	const { mqttContext: mqtt, httpContext: http } = input;
	const fields = readCustomAuthFields({ mqtt, http });
	const place = fields.token(tokenKeyName);
	if (place.token === undefined) return [tokenMissing(input, tokenKeyName, place.found)];
	const { signature } = fields;
	if (signature === undefined)
		return [
			bad(
				"signature-missing",
				"the token comes without a signature, and signing is enabled for the authorizer",
				"add x-amz-customauthorizer-signature=<URL-encoded base64 signature>",
			),
		];
	const queries = readCustomAuthFields({ mqtt, http: http && { ...http, headers: {} } });
	const { token, queryRest } = place;
	return explainPair({ token, signature, queryRest, encoded: queries.signature !== undefined }, authorizer);
}

function tokenMissing({ mqttContext, httpContext }: InvocationInput, tokenKeyName: string, found: string): Finding {
	const key = printable(tokenKeyName);
	const { username } = mqttContext ?? {};
	const query = `${key}=<URL-encoded token>&x-amz-customauthorizer-signature=<URL-encoded base64 signature>`;
	const withoutQuery = httpContext === undefined && username !== undefined && !username.includes("?");
	return bad(
		"token-missing",
		`the authorizer wants a signed token in the parameter ${key}; ${printable(found)}`,
		withoutQuery
			? `put ? and a query behind the user name: ?${query}`
			: `add ${key}=<URL-encoded token>; upper and lower case count`,
	);
}

/** A token and its signature as they arrive at the service. */
interface SignedToken {
	readonly token: string;
	readonly signature: string;
	/** As `verifyTokenSignature` takes it. */
	readonly queryRest?: string | undefined;
	/** Whether they stand in a query, where they are URL-encoded once; options and headers are taken as they are. */
	readonly encoded: boolean;
}

function explainPair(given: SignedToken, authorizer: Authorizer): Finding[] {
	try {
		const verification = verifyTokenSignature(authorizer, given.token, given.signature, given.queryRest);
		if (verification.verified)
			return [
				good("signature-verified", `the token's signature verifies with the key ${printable(verification.keyName)}`),
			];
		return [explainMended(given, authorizer) ?? explainDiagnosis(given, verification)];
	} catch (error) {
		if (!(error instanceof InvalidSigningKeyError)) throw error;
		return [note("key-unreadable", `a registered signing key cannot be read here: ${error.message}`)];
	}
}

/** A way in which a text goes wrong between its file and the call. */
interface Fault {
	/** Where a query decodes once, and where nothing does. */
	readonly words: readonly [encoded: string, plain: string];
	mend(text: string): string;
}

const LINE_END: Fault = {
	words: ["ends in a line end", "ends in a line end"],
	mend: (text) => text.replace(/[\r\n]+$/, ""),
};
const LINE_ENDS: Fault = {
	words: ["holds line ends", "holds line ends"],
	mend: (text) => text.replace(/[\r\n]+/g, ""),
};
const URL_ENCODED: Fault = {
	words: ["is URL-encoded twice", "is URL-encoded"],
	mend(text) {
		try {
			return decodeURIComponent(text);
		} catch {
			return text; // Not URL-encoded, then.
		}
	},
};

interface Mended {
	readonly text: string;
	readonly faults: readonly Fault[];
}

function mendBy(text: string, faults: readonly Fault[]): Mended {
	let mended = text;
	const found = faults.filter((fault) => {
		const before = mended;
		mended = fault.mend(mended);
		return mended !== before;
	});
	return { text: mended, faults: found };
}

/** What is wrong, where token and signature verify once everything usual is put right in both. */
function explainMended({ encoded, ...given }: SignedToken, authorizer: Authorizer): Finding | undefined {
	const signature = mendBy(given.signature, [URL_ENCODED, LINE_END, LINE_ENDS]);
	const tokens = [[], [LINE_END], [URL_ENCODED], [URL_ENCODED, LINE_END]].map((faults) => mendBy(given.token, faults));
	const token = tokens.find(({ text }) => verifyTokenSignature(authorizer, text, signature.text).verified);
	if (token === undefined) return undefined;
	const faults = [...signature.faults, ...token.faults];
	// In a query one fault alone is diagnosed with better words.
	if (encoded && faults.length < 2) return undefined;
	const words = [wordsOf("the signature", signature, encoded), wordsOf("the token", token, encoded)];
	const told = words.filter((text) => text !== "").join(", and ");
	const asItIs = encoded
		? "URL-encode both once"
		: "give it as it is: nothing here is URL-encoded, only in a username or a query";
	const hasLineEnd = faults.some((fault) => fault !== URL_ENCODED);
	const remedies = [
		...(faults.includes(URL_ENCODED) ? [asItIs] : []),
		...(hasLineEnd ? ["leave the line ends out: printf %s in place of echo, openssl base64 -A"] : []),
	];
	return bad(
		"signature-of-changed-text",
		`the token's signature does not verify: ${told}; put right, it verifies`,
		remedies.join("; "),
	);
}

function wordsOf(what: string, { faults }: Mended, encoded: boolean): string {
	const words = faults.map((fault) => fault.words[encoded ? 0 : 1]);
	return words.length === 0 ? "" : `${what} ${words.join(" and ")}`;
}

interface Words {
	readonly code?: string;
	readonly detail?: string;
	readonly remedy: string;
}

/** Diagnoses of `src/authorizer` speak of a query; here what fits where nothing is URL-encoded. */
const PLAIN_WORDS: Readonly<Record<string, Words>> = {
	"encoded-twice": {
		code: "url-encoded",
		detail: "it is URL-encoded, and put right it still does not verify",
		remedy: "Give it as it is, and check that it was made for this token.",
	},
	"blank-for-plus": { remedy: "Give it as it is, with its plus signs." },
	base64url: { remedy: 'Turn "-" into "+" and "_" into "/", and pad with "=" to a multiple of 4 characters.' },
	"not-base64": { remedy: "Give the signature as standard base64 with padding, as it is." },
	"wrong-length": { remedy: "Give the whole signature, made with the private key of a registered public key." },
	"encoded-token-signed": { remedy: "Sign the plain token, and give it as it is." },
	"plus-for-blank": { remedy: "Give the token as it is, with its blanks." },
};

type Refused = Extract<SignatureVerification, { readonly verified: false }>;

function explainDiagnosis({ encoded }: SignedToken, { diagnosis, detail, remedy }: Refused): Finding {
	const words = encoded ? undefined : PLAIN_WORDS[diagnosis];
	return bad(
		`signature-${words?.code ?? diagnosis}`,
		`the token's signature does not verify: ${words?.detail ?? detail}`,
		words?.remedy ?? remedy,
	);
}
