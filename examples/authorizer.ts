/**
 * An authorizer function as one would deploy it to AWS Lambda: it lets a device at its own topics and nothing else.
 *
 * AWS IoT Core has checked the token's signature before it calls this function, so the token's claims can be believed;
 * what is left to decide is whether they still hold and what they allow.
 *
 * The token is base64url of a JSON object: `{"sub": "thermometer-1", "role": "device", "exp": 1893456000}`.
 * @module
 */

interface Event {
	readonly token?: string;
	readonly signatureVerified: boolean;
	readonly protocolData?: { readonly mqtt?: { readonly clientId?: string } };
}

interface Claims {
	/** Who bears the token; a device must use it as its client id. */
	readonly sub: string;
	/** A device reports and obeys; an operator commands. */
	readonly role: "device" | "operator";
	/** Seconds since the epoch after which the token is worth nothing. */
	readonly exp: number;
}

const REFUSED = { isAuthenticated: false, principalId: "nobody", policyDocuments: [] };

export async function handler(event: Event) {
	const claims = event.signatureVerified ? readClaims(event.token) : undefined;
	if (claims === undefined || claims.exp * 1000 < Date.now()) return REFUSED;
	// A stolen token must not serve under another name.
	const clientId = event.protocolData?.mqtt?.clientId;
	if (clientId !== undefined && clientId !== claims.sub) return REFUSED;
	return {
		isAuthenticated: true,
		principalId: claims.sub.replace(/[^A-Za-z0-9]/g, ""),
		policyDocuments: [{ Version: "2012-10-17", Statement: STATEMENTS[claims.role](claims.sub) }],
		refreshAfterInSeconds: 300,
		disconnectAfterInSeconds: 3600,
	};
}

/** What a device publishes, and what it listens to, below `devices/<its id>/`. */
const SAID = ["readings", "reported", "resets", "firmware", "update/request", "update/status"];
const HEARD = ["commands", "desired", "credential", "update/offer", "update/data"];
/** What may be kept for those who subscribe later. */
const RETAINED = { device: ["firmware"], operator: ["desired", "update/offer"] };

const allow = (action: string, kind: string, ...names: string[]) => ({
	Effect: "Allow",
	Action: `iot:${action}`,
	Resource: names.map((name) => `arn:aws:iot:*:*:${kind}/${name}`),
});
const below = (id: string, names: readonly string[]) => names.map((name) => `devices/${id}/${name}`);

const STATEMENTS = {
	device: (id: string) => [
		allow("Connect", "client", id),
		allow("Publish", "topic", ...below(id, SAID)),
		allow("RetainPublish", "topic", ...below(id, RETAINED.device)),
		allow("Subscribe", "topicfilter", ...below(id, HEARD)),
		allow("Receive", "topic", ...below(id, HEARD)),
	],
	operator: (id: string) => [
		allow("Connect", "client", id),
		allow("Publish", "topic", ...below("*", HEARD)),
		allow("RetainPublish", "topic", ...below("*", RETAINED.operator)),
		allow("Subscribe", "topicfilter", ...below("*", SAID)),
		allow("Receive", "topic", ...below("*", SAID)),
	],
};

function readClaims(token: string | undefined): Claims | undefined {
	try {
		const claims = JSON.parse(Buffer.from(token ?? "", "base64url").toString("utf8")) as Partial<Claims>;
		const { sub, role, exp } = claims;
		if (typeof sub !== "string" || !/^[\w-]{1,64}$/.test(sub) || typeof exp !== "number") return undefined;
		return role === "device" || role === "operator" ? { sub, role, exp } : undefined;
	} catch {
		// Whatever is not a token of ours is refused, not explained.
		return undefined;
	}
}
