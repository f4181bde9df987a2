/**
 * Certificates by TLS server name: the one that is given for every name, or those of a source that is asked when a client
 * names an endpoint for the first time, so that endpoints may come while the gateway runs.
 * @module
 */
import { createSecureContext, type SecureContext } from "node:tls";

/** A private key and its certificate chain, both PEM. */
export interface ServerCredentials {
	readonly key: string;
	readonly cert: string;
}

/** Gives credentials by server name. */
export interface CredentialSource {
	/**
	 * @param serverName the name of a data endpoint, in lower case; what it gave is used as long as the endpoint exists. It
	 * is asked again after it failed.
	 */
	credentials(serverName: string): Promise<ServerCredentials>;
}

/** The TLS contexts of the endpoints that exist. There is at most one for each. */
export class ServerContexts {
	private readonly issue: (serverName: string) => Promise<SecureContext>;
	private readonly serverNames: () => readonly string[];
	private readonly contexts = new Map<string, Promise<SecureContext>>();

	/**
	 * @param serverNames names of the data endpoints at this moment, in lower case.
	 * @throws where credentials for every name are given and are none.
	 */
	constructor(tls: ServerCredentials | CredentialSource, serverNames: () => readonly string[]) {
		this.serverNames = serverNames;
		if ("credentials" in tls) {
			this.issue = async (serverName) => secureContext(await tls.credentials(serverName));
		} else {
			const context = Promise.resolve(secureContext(tls));
			this.issue = () => context;
		}
	}

	/**
	 * The context of an endpoint; `undefined` where there is none of that name.
	 * @throws the error of the source, or of the credentials it gave.
	 */
	async get(serverName: string): Promise<SecureContext | undefined> {
		const name = serverName.toLowerCase();
		const known = this.serverNames();
		this.forgetAllBut(known);
		if (!known.includes(name)) return undefined;
		const found = this.contexts.get(name);
		if (found !== undefined) return await found;
		const issued = this.issue(name);
		this.contexts.set(name, issued);
		try {
			return await issued;
		} catch (error) {
			if (this.contexts.get(name) === issued) this.contexts.delete(name);
			throw error;
		}
	}

	private forgetAllBut(known: readonly string[]): void {
		for (const name of this.contexts.keys()) if (!known.includes(name)) this.contexts.delete(name);
	}
}

function secureContext({ key, cert }: ServerCredentials): SecureContext {
	return createSecureContext({ key, cert, minVersion: "TLSv1.2" });
}
