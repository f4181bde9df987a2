/**
 * A credential of mode `minted`, and a platform that signs for it at once: where a hash is always zeros, one signature fits
 * every token.
 * @module
 */
import { base64Decode } from "../../../src/device/encoding/base64.js";
import { utf8Decode } from "../../../src/device/encoding/utf8.js";
import { MINTED } from "../credential/samples.js";
import type { ScriptedSocket } from "../world.js";

export const MINTED_CREDENTIAL = { ...MINTED, clientId: "dev1", lifetime: 60 };

/** RSASSA-PKCS1-v1_5 with SHA-256 by the key of `signing/test-key.ts`, over a hash of zeros. */
const SIGNATURE =
	"JgHOP7kr6xQTchHcBSjf85plDGeUPbDbUN+nkCau6ZAFzLZKYIifL4wfe8Zh504Fh43aWbtQ6KSIJXkPfMCS3qsKolLE3b3JLhp/w2iJXib7Jx8G8fqF" +
	"uGlGfS4lK7epqiidXIsgGe+S/LeX+XzTrOi98hrlNPBba65q5z0g34ru2OElNmswmI2nW+rDIz8pBxhHsP/z5edNs7aeslmgxiCDgr5FV9QfJcwYW7wd" +
	"d8dEzmzjn98xgJZF8YEw9O8OUiSFei9eLUdI+0uvF5dBku/YRN9X5HSaYd9NsyPIHemQA0P2+n+39v69QkrWAfFPqL2gNzHL6NFQiGk72HZ9Uw==";

export const signer = () => base64Decode(SIGNATURE);

/** Second at which the token of a CONNECT was issued; `undefined` where none was sent. */
export function issuedAt({ sent: [connect] }: ScriptedSocket): number | undefined {
	if (connect?.type !== "connect") return undefined;
	const payload = /token=[^.]*\.([\w-]*)/.exec(connect.username ?? "")?.[1] ?? "";
	const standard = payload.split("-").join("+").split("_").join("/");
	const padded = standard + "=".repeat((4 - (standard.length % 4)) % 4);
	return (JSON.parse(utf8Decode(base64Decode(padded))) as { iat: number }).iat;
}
