/**
 * Options of node:tls for servers that other servers' faults are tried with.
 * @module
 */
import tls, { type TlsOptions } from "node:tls";
import { genuineLeaf, type Identity, pem, trustedIntermediate } from "../pki/authorities.js";

/** A chain from the leaf up, the weakest signatures allowed. */
export function tlsOptions(chain: readonly Identity[], more: TlsOptions = {}): TlsOptions {
	return {
		cert: chain.map((identity) => pem(identity.certificate)).join(""),
		key: chain[0]!.privateKey.export({ type: "pkcs8", format: "pem" }),
		ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=0`,
		...more,
	};
}

export const genuineChain = (): readonly Identity[] => [genuineLeaf(), trustedIntermediate()];
