/**
 * Principals that custom authorizers let in, with the policies they brought: what TestAuthorization can be asked about
 * besides AWS's own kinds of principals. Kept in memory for this run alone.
 * @module
 */
import type { NamedPolicy } from "../policy/index.js";

export interface CustomPrincipal {
	readonly authorizerName: string;
	readonly principalId: string;
	/** As the function gave them, JSON text each. */
	readonly policyDocuments: readonly string[];
	/** The same documents, read. */
	readonly policies: readonly NamedPolicy[];
	/** When it was let in, milliseconds since the epoch. */
	readonly at: number;
}

/** Principals kept; beyond, the one that was not seen for longest goes. */
const MOST_PRINCIPALS = 1000;

export class CustomPrincipals {
	/** The one seen last stands last. */
	private readonly principals = new Map<string, CustomPrincipal>();

	/** Keeps a principal in place of what was known of it. */
	remember(principal: CustomPrincipal): void {
		const key = keyOf(principal.authorizerName, principal.principalId);
		this.principals.delete(key);
		this.principals.set(key, principal);
		if (this.principals.size <= MOST_PRINCIPALS) return;
		for (const longestUnseen of this.principals.keys()) {
			this.principals.delete(longestUnseen);
			return;
		}
	}

	find(authorizerName: string, principalId: string): CustomPrincipal | undefined {
		return this.principals.get(keyOf(authorizerName, principalId));
	}

	/** The one seen last stands first. */
	list(): readonly CustomPrincipal[] {
		return [...this.principals.values()].reverse();
	}
}

/** Neither part can hold a blank. */
function keyOf(authorizerName: string, principalId: string): string {
	return `${authorizerName} ${principalId}`;
}
