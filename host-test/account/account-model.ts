/**
 * What an account should hold and answer after any calls of its API, said as plainly as can be: the measure that the real
 * one is held to.
 * @module
 */

/** One call; numbers choose among a few names, keys and targets. */
export type Operation =
	| {
			readonly call: "createAuthorizer" | "deleteAuthorizer" | "setDefault" | "activate" | "deactivate";
			readonly a: number;
	  }
	| { readonly call: "addKey"; readonly a: number; readonly k: number }
	| { readonly call: "clearDefault" }
	| { readonly call: "createPolicy"; readonly p: number }
	| { readonly call: "deletePolicy" | "createVersion" | "createDefaultVersion"; readonly p: number }
	| { readonly call: "setDefaultVersion" | "deleteVersion"; readonly p: number; readonly v: number }
	| { readonly call: "attach" | "detach"; readonly p: number; readonly g: number }
	| { readonly call: "createFunction" | "deleteFunction"; readonly f: number }
	| { readonly call: "addPermission" | "removePermission"; readonly f: number; readonly s: number }
	| { readonly call: "tagPolicy" | "untagPolicy"; readonly p: number; readonly k: number };

interface ModelPolicy {
	versions: number[];
	latest: number;
	inForce: number;
	tags: Set<number>;
}

type Outcome = "done" | "nothing to do" | string;

export class AccountModel {
	readonly authorizers = new Map<number, { active: boolean; keys: Set<number> }>();
	readonly policies = new Map<number, ModelPolicy>();
	/** Policies by target. */
	readonly attachments = new Map<number, number[]>();
	/** Statements by function. */
	readonly functions = new Map<number, Set<number>>();
	defaultAuthorizer: number | undefined;

	/** What AWS answers: `done`, or the type of its error; and whether anything changes. */
	expect(operation: Operation): { readonly outcome: Outcome; readonly change?: () => void } {
		const found = this.answerTo(operation);
		return typeof found === "string" ? { outcome: found } : { outcome: "done", change: found };
	}

	private answerTo(operation: Operation): Outcome | (() => void) {
		if (operation.call === "clearDefault") return this.expectClearDefault();
		if ("a" in operation) return this.expectAuthorizer(operation);
		return "f" in operation ? this.expectFunction(operation) : this.expectPolicy(operation);
	}

	private expectClearDefault(): Outcome | (() => void) {
		if (this.defaultAuthorizer === undefined) return "ResourceNotFoundException";
		return () => {
			this.defaultAuthorizer = undefined;
		};
	}

	private expectAuthorizer(operation: Extract<Operation, { a: number }>): Outcome | (() => void) {
		const { a, call } = operation;
		const one = this.authorizers.get(a);
		if (call === "createAuthorizer") {
			if (one !== undefined) return "ResourceAlreadyExistsException";
			return () => void this.authorizers.set(a, { active: false, keys: new Set([0]) });
		}
		if (one === undefined) return "ResourceNotFoundException";
		switch (call) {
			case "activate":
			case "deactivate":
				return () => {
					one.active = call === "activate";
				};
			case "addKey":
				if (new Set([...one.keys, operation.k]).size > 2) return "InvalidRequestException";
				return () => void one.keys.add(operation.k);
			case "setDefault":
				if (this.defaultAuthorizer === a) return "ResourceAlreadyExistsException";
				return () => {
					this.defaultAuthorizer = a;
				};
			default:
				if (one.active) return "InvalidRequestException";
				return this.defaultAuthorizer === a ? "DeleteConflictException" : () => void this.authorizers.delete(a);
		}
	}

	private expectFunction(operation: Extract<Operation, { f: number }>): Outcome | (() => void) {
		const { f, call } = operation;
		const statements = this.functions.get(f);
		if (call === "createFunction") {
			return statements === undefined ? () => void this.functions.set(f, new Set()) : "ResourceConflictException";
		}
		if (statements === undefined) return "ResourceNotFoundException";
		if (!("s" in operation)) return () => void this.functions.delete(f);
		const has = statements.has(operation.s);
		if (call === "addPermission") return has ? "ResourceConflictException" : () => void statements.add(operation.s);
		return has ? () => void statements.delete(operation.s) : "ResourceNotFoundException";
	}

	private expectPolicy(
		operation: Exclude<Operation, { a: number } | { f: number } | { call: "clearDefault" }>,
	): Outcome | (() => void) {
		const { p, call } = operation;
		const one = this.policies.get(p);
		if (call === "createPolicy") {
			if (one !== undefined) return "ResourceAlreadyExistsException";
			return () => void this.policies.set(p, { versions: [1], latest: 1, inForce: 1, tags: new Set() });
		}
		// AWS's model of DetachPolicy has no 404.
		if (one === undefined) return call === "detach" ? "InvalidRequestException" : "ResourceNotFoundException";
		switch (call) {
			case "deletePolicy":
				if (one.versions.length > 1 || this.isAttached(p)) return "DeleteConflictException";
				return () => void this.policies.delete(p);
			case "createVersion":
			case "createDefaultVersion":
				if (one.versions.length === 5) return "VersionsLimitExceededException";
				return () => {
					one.versions.push(++one.latest);
					if (call === "createDefaultVersion") one.inForce = one.latest;
				};
			case "setDefaultVersion":
			case "deleteVersion":
				return this.expectVersion(one, call, operation.v);
			case "attach":
			case "detach":
				return this.expectAttachment(p, call, operation.g);
			default:
				return this.expectTag(one, call, operation.k);
		}
	}

	private expectTag(one: ModelPolicy, call: "tagPolicy" | "untagPolicy", key: number): Outcome | (() => void) {
		if (call === "tagPolicy") return () => void one.tags.add(key);
		return one.tags.size > 0 ? () => void one.tags.delete(key) : "nothing to do";
	}

	private expectVersion(
		one: ModelPolicy,
		call: "setDefaultVersion" | "deleteVersion",
		version: number,
	): Outcome | (() => void) {
		if (!one.versions.includes(version)) return "ResourceNotFoundException";
		if (call === "deleteVersion") {
			if (one.inForce === version) return "DeleteConflictException";
			return () => {
				one.versions = one.versions.filter((other) => other !== version);
			};
		}
		if (one.inForce === version) return "nothing to do";
		return () => {
			one.inForce = version;
		};
	}

	private expectAttachment(policy: number, call: "attach" | "detach", target: number): Outcome | (() => void) {
		const attached = this.attachments.get(target) ?? [];
		if (attached.includes(policy) === (call === "attach")) return "nothing to do";
		const left = attached.filter((other) => other !== policy);
		return () => void this.attachments.set(target, call === "attach" ? [...attached, policy] : left);
	}

	private isAttached(policy: number): boolean {
		return [...this.attachments.values()].some((attached) => attached.includes(policy));
	}
}
