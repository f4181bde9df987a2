/**
 * An authorizer function for an authorizer with signing disabled: each device proves itself with a key of its own.
 *
 * The MQTT password is a claim that the device signed: `<issued at, seconds>.<Ed25519 signature in base64url>`, the signature
 * being over `<client id>.<issued at>`. AWS checks nothing before this function runs, so it checks everything itself.
 *
 * `DEVICE_KEYS` in the function's environment holds the devices' public keys, as JSON: `{"thermometer-1": "<base64>"}`.
 * @module
 */
import nacl from "tweetnacl";

interface Event {
	readonly protocolData?: { readonly mqtt?: { readonly clientId?: string; readonly password?: string } };
}

/** Seconds that a claim is good for, before and after it was made: clocks differ. */
const TOLERANCE = 300;

const REFUSED = { isAuthenticated: false, principalId: "nobody", policyDocuments: [] };

export async function handler(event: Event) {
	const { clientId, password } = event.protocolData?.mqtt ?? {};
	if (clientId === undefined || password === undefined || !/^[\w-]{1,64}$/.test(clientId)) return REFUSED;
	// AWS hands the password over in base64.
	if (!claimHolds(clientId, Buffer.from(password, "base64").toString("utf8"))) return REFUSED;
	const allow = (action: string, resource: string) => ({
		Effect: "Allow",
		Action: `iot:${action}`,
		Resource: `arn:aws:iot:*:*:${resource}`,
	});
	return {
		isAuthenticated: true,
		principalId: clientId.replace(/[^A-Za-z0-9]/g, ""),
		policyDocuments: [
			{
				Version: "2012-10-17",
				Statement: [
					allow("Connect", `client/${clientId}`),
					allow("Publish", `topic/devices/${clientId}/readings`),
					allow("Subscribe", `topicfilter/devices/${clientId}/commands`),
					allow("Receive", `topic/devices/${clientId}/commands`),
				],
			},
		],
		refreshAfterInSeconds: 86400,
		disconnectAfterInSeconds: 86400,
	};
}

function claimHolds(clientId: string, claim: string): boolean {
	const keys = JSON.parse(process.env["DEVICE_KEYS"] ?? "{}") as Record<string, string>;
	const publicKey = Object.hasOwn(keys, clientId) ? Buffer.from(keys[clientId] ?? "", "base64") : undefined;
	const [issuedAt = "", signature = ""] = claim.split(".");
	const bytes = Buffer.from(signature, "base64url");
	if (publicKey?.length !== nacl.sign.publicKeyLength || bytes.length !== nacl.sign.signatureLength) return false;
	if (!/^\d{1,12}$/.test(issuedAt) || Math.abs(Number(issuedAt) - Date.now() / 1000) > TOLERANCE) return false;
	return nacl.sign.detached.verify(Buffer.from(`${clientId}.${issuedAt}`), bytes, publicKey);
}
