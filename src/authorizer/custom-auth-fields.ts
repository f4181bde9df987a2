/**
 * Authorizer name, token and signature, wherever a transport carries them: in the query of the CONNECT username, in the
 * query string of an HTTP request or WebSocket upgrade, or in its headers (AWS IoT Core Developer Guide, "Connecting to
 * AWS IoT Core by using custom authentication").
 * @module
 */
import type { ConnectionFacts, HttpFacts } from "./event.js";
import { NAME_PARAMETER, type QueryParameter, SIGNATURE_PARAMETER, splitUsernameQuery } from "./query.js";

export interface CustomAuthFields {
	readonly authorizerName?: string | undefined;
	readonly signature?: string | undefined;
	/** The token under this name. */
	token(tokenKeyName: string): CustomAuthToken;
}

export type CustomAuthToken =
	| {
			readonly token: string;
			/** Raw text from the token to the end of the query it stands in: what an unencoded token would have lost shows there. */
			readonly queryRest?: string | undefined;
	  }
	/** What is there in its place, a sentence without its full stop that shows nothing a client could want kept. */
	| { readonly token?: undefined; readonly found: string };

interface Source {
	/** How a message calls it. */
	readonly name: string;
	readonly parameters: readonly QueryParameter[];
	/** The text that `QueryParameter.start` counts in; headers have none. */
	readonly text?: string;
}

/**
 * Reads the fields of a connection or of a test call; takes any text and never throws.
 *
 * Which place wins where they disagree is unmeasured on AWS. Chosen: the username before the query string before the
 * headers, and the first parameter of a name within each. Names of headers have no case (RFC 9110 section 5.1), those of
 * parameters do. An empty value counts as absent. Values of headers are taken as they are, those of queries decoded once.
 */
export function readCustomAuthFields({ mqtt, http }: Pick<ConnectionFacts, "mqtt" | "http">): CustomAuthFields {
	const sources = [...usernameSource(mqtt?.username), ...httpSources(http)];
	const read = (name: string) => findParameter(sources, name)?.parameter.value;
	return {
		authorizerName: read(NAME_PARAMETER),
		signature: read(SIGNATURE_PARAMETER),
		token(tokenKeyName) {
			const found = findParameter(sources, tokenKeyName);
			if (found === undefined) return { found: foundInPlace(tokenKeyName, sources) };
			const { parameter, source } = found;
			return { token: parameter.value, queryRest: source.text?.slice(parameter.start) };
		},
	};
}

function usernameSource(username: string | undefined): readonly Source[] {
	if (username === undefined) return [];
	return [{ name: "the username", text: username, parameters: splitUsernameQuery(username) }];
}

function httpSources(http: HttpFacts | undefined): readonly Source[] {
	if (http === undefined) return [];
	const { queryString = "", headers = {} } = http;
	const text = queryString.startsWith("?") ? queryString : `?${queryString}`;
	return [
		{ name: "the query string", text, parameters: splitUsernameQuery(text) },
		{
			name: "the headers",
			parameters: Object.entries(headers).map(([name, value]) => ({
				name,
				value,
				raw: value,
				rawValue: value,
				start: 0,
				known: false,
				undecodable: false,
			})),
		},
	];
}

/** The first parameter of the name that has a value. */
function findParameter(sources: readonly Source[], name: string) {
	for (const source of sources) {
		const first = source.parameters.find((candidate) => isNamed(source, candidate, name));
		if (first !== undefined && first.value !== "") return { source, parameter: first };
	}
	return undefined;
}

function isNamed({ text }: Source, parameter: QueryParameter, name: string): boolean {
	if (text === undefined) return parameter.name.toLowerCase() === name.toLowerCase();
	return parameter.name === name;
}

/** What a connection has in place of a token. */
function foundInPlace(tokenKeyName: string, sources: readonly Source[]): string {
	if (sources.length === 0) return "CONNECT has no username";
	const [only] = sources;
	const count = sources.reduce((sum, { parameters }) => sum + parameters.length, 0);
	if (count === 0) return sources.length === 1 ? `${only?.name} has no query` : "there is neither a query nor a header";
	for (const source of sources) {
		const { name, parameters } = source;
		if (parameters.some((candidate) => isNamed(source, candidate, tokenKeyName))) return "it is there, but empty";
		const spelled = parameters.find((candidate) => candidate.name.toLowerCase() === tokenKeyName.toLowerCase());
		if (spelled !== undefined) return `${name} spells it "${spelled.name}"`;
	}
	const parameters = only?.parameters.length ?? 0;
	return sources.length === 1
		? `none of the ${parameters} parameters of ${only?.name} has that name`
		: "no parameter of a query and no header has that name";
}
