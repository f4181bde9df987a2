/**
 * ARNs of the account that is deployed: on AWS they name the account and region that the deployment goes to.
 * @module
 */
import type { AccountScope } from "../account/index.js";

/** What stands for a part of an ARN until it is known where the deployment goes to. */
export type PseudoPart = "partition" | "region" | "account";

/** A part of a text: as it is, or known when the deployment happens. */
type TextPart = string | { readonly pseudo: PseudoPart };

const ARN = /^arn:([\w*-]+):([\w*-]*):([\w*-]*):([\w*-]*):/;

/**
 * The parts of a text. Only one that begins with an ARN of the account's own region or account has some that are not known
 * yet; an ARN of another account or region is text, and so is a wildcard.
 */
export function textParts(text: string, { accountId, region, partition }: AccountScope): readonly TextPart[] {
	const [all, givenPartition, service, givenRegion, givenAccount] = ARN.exec(text) ?? [];
	if (all === undefined || givenRegion === undefined || givenAccount === undefined) return [text];
	const ownRegion = givenRegion === region;
	const ownAccount = givenAccount === accountId;
	const isOthers = !((ownRegion || isOpen(givenRegion)) && (ownAccount || isOpen(givenAccount)));
	if (isOthers || !(ownRegion || ownAccount)) return [text];
	return [
		"arn:",
		givenPartition === partition ? { pseudo: "partition" } : (givenPartition ?? ""),
		`:${service}:`,
		ownRegion ? { pseudo: "region" } : givenRegion,
		":",
		ownAccount ? { pseudo: "account" } : givenAccount,
		`:${text.slice(all.length)}`,
	];
}

function isOpen(part: string): boolean {
	return part === "" || part === "*";
}

/** A JSON value with every text in it replaced; names of members stay. */
export function mapTexts(value: unknown, replace: (text: string) => unknown): unknown {
	if (typeof value === "string") return replace(value);
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map((element) => mapTexts(element, replace));
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member, replace)]));
}
