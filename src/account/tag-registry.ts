/**
 * Tags of resources, by ARN.
 * @module
 */
import type { Change, Ledger, Table } from "./ledger.js";
import { ServiceError } from "./service-error.js";

/** AWS IoT API, "Tag", with its capital letters. */
export interface Tag {
	/** 1-128 letters, digits, blanks and `_.:/=+-@`; not `aws:...`. */
	readonly Key: string;
	/** 0-256 characters of any kind; "" unless given. */
	readonly Value?: string | undefined;
}

/** Tags that one resource may have (AWS General Reference, "AWS IoT Core endpoints and quotas"). */
const MOST_TAGS = 50;
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const ARN = /^arn:[\w-]+:[\w-]+:[\w-]*:\d{12}:.+$/s;

type TagMap = Readonly<Record<string, string>>;

export class TagRegistry {
	private readonly ledger: Ledger;
	private readonly rows: Table<TagMap>;
	private readonly exists: (arn: string) => boolean;

	/** @param exists whether there is a resource of this ARN that may have tags. */
	constructor(ledger: Ledger, exists: (arn: string) => boolean) {
		this.ledger = ledger;
		this.rows = ledger.table("tags");
		this.exists = exists;
	}

	/**
	 * Adds tags; one of the same key is replaced.
	 * @throws {ServiceError} ResourceNotFoundException; InvalidRequestException; LimitExceededException beyond 50.
	 */
	tag(arn: string, tags: readonly Tag[]): void {
		this.find(arn);
		this.ledger.commit(...this.changesFor(arn, tags));
	}

	/** Takes tags off; keys that are not there do not matter. @throws {ServiceError} as `tag`. */
	untag(arn: string, keys: readonly string[]): void {
		this.find(arn);
		const former = this.rows.get(arn);
		if (former === undefined) return;
		const left = Object.entries(former).filter(([key]) => !keys.includes(key));
		this.ledger.commit(left.length === 0 ? this.rows.drop(arn) : this.rows.put(arn, Object.fromEntries(left)));
	}

	/**
	 * The tags of a resource; none for one that does not exist, as AWS answers.
	 * @throws {ServiceError} InvalidRequestException for what is no ARN.
	 */
	list(arn: string): readonly Required<Tag>[] {
		checkArn(arn);
		return Object.entries(this.rows.get(arn) ?? {}).map(([Key, Value]) => ({ Key, Value }));
	}

	/** What to commit so that a resource, a new one too, has these tags besides those it has. @throws {ServiceError} */
	changesFor(arn: string, tags: readonly Tag[]): readonly Change[] {
		if (tags.length === 0) return [];
		checkTags(tags);
		const given = Object.fromEntries(tags.map(({ Key, Value = "" }) => [Key, Value]));
		const all = { ...this.rows.get(arn), ...given };
		if (Object.keys(all).length > MOST_TAGS) {
			throw new ServiceError("LimitExceededException", `A resource can have at most ${MOST_TAGS} tags`);
		}
		return [this.rows.put(arn, all)];
	}

	/** What to commit when a resource goes. */
	removalOf(arn: string): readonly Change[] {
		return this.rows.has(arn) ? [this.rows.drop(arn)] : [];
	}

	private find(arn: string): void {
		checkArn(arn);
		if (!this.exists(arn)) throw new ServiceError("ResourceNotFoundException", `Resource ${arn} not found`);
	}
}

function checkArn(arn: string): void {
	if (!ARN.test(arn)) throw new ServiceError("InvalidRequestException", "The resource ARN is not in proper ARN syntax");
}

function checkTags(tags: readonly Tag[]): void {
	const keys = new Set<string>();
	for (const { Key, Value = "" } of tags) {
		const problem = keys.has(Key) ? "is given twice" : tagProblem(Key, Value);
		if (problem !== undefined) throw new ServiceError("InvalidRequestException", `The tag key ${Key} ${problem}`);
		keys.add(Key);
	}
}

function tagProblem(key: string, value: string): string | undefined {
	if (key.length < 1 || key.length > 128) return "must have 1 to 128 characters";
	if (value.length > 256) return "has a value of more than 256 characters";
	if (/^aws:/i.test(key)) return "is reserved: it must not start with aws:";
	return CHARACTERS.test(key) ? undefined : "may have letters, digits, blanks and _ . : / = + - @ only";
}
