/**
 * Keys that CreateAuthorizer refuses.
 * @module
 */
import { generateKeyPairSync } from "node:crypto";
import { PUBLIC_KEY } from "../site.js";

const SHORT = generateKeyPairSync("rsa", { modulusLength: 1024 });
const ELLIPTIC = generateKeyPairSync("ec", { namedCurve: "P-256" });

export const SHORT_KEY = SHORT.publicKey.export({ type: "spki", format: "pem" }).toString();
export const ELLIPTIC_KEY = ELLIPTIC.publicKey.export({ type: "spki", format: "pem" }).toString();
export const PRIVATE_KEY = SHORT.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
/** The whole envelope in one line. */
export const ONE_LINE_KEY = PUBLIC_KEY.trim().replaceAll("\n", " ");
export const INDENTED_KEY = `  ${PUBLIC_KEY}`;
export const UNENDED_KEY = PUBLIC_KEY.replace(/-----END[\s\S]*$/, "");
