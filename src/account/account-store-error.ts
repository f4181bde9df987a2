/**
 * What goes wrong with an account's store.
 * @module
 */

export type AccountStoreErrorCode =
	| "account-store-unreadable"
	| "account-store-damaged"
	| "account-store-of-another-version"
	| "account-store-of-another-account"
	| "account-store-in-use"
	| "account-store-changed-elsewhere"
	| "account-store-not-written";

/** A store that cannot be used, or a change that could not be kept. Nothing was changed. */
export class AccountStoreError extends Error {
	override readonly name = "AccountStoreError";
	readonly code: AccountStoreErrorCode;
	/**
	 * What an API answers whose change could not be kept. AWS knows no such case; its clients do not repeat a call for this
	 * type, and to repeat it would not help.
	 */
	readonly type = "ConflictException";
	readonly file: string;
	/** What to do about it. */
	readonly remedy: string;

	constructor(code: AccountStoreErrorCode, file: string, problem: string, remedy: string, cause?: unknown) {
		super(`${file}: ${problem}; ${remedy}`, cause === undefined ? {} : { cause });
		this.code = code;
		this.file = file;
		this.remedy = remedy;
	}
}

/** A file that cannot be read, though it may be there. */
export function unreadable(file: string, cause: unknown): AccountStoreError {
	const problem = `the account's changes cannot be read (${reasonOf(cause)})`;
	const remedy = "see to the permissions of the file and its folder";
	return new AccountStoreError("account-store-unreadable", file, problem, remedy, cause);
}

/** What the file system said, in a word where it has one. */
export function reasonOf(cause: unknown): string {
	const { code, message } = cause as NodeJS.ErrnoException;
	return code ?? message;
}
