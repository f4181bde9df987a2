/**
 * What an AWS account holds for custom authentication: functions, authorizers, domain configurations, and the rule by
 * which a connection finds its authorizer.
 * @module
 */
import { type Authorizer, type AuthorizerFunction, type Refusal, refusals } from "../authorizer/index.js";
import { findRuleBreaches } from "./authorizer-rules.js";
import type { DomainConfiguration } from "./domain-configuration.js";

export interface AccountOptions {
	/** 12 digits; 123456789012, the account of AWS's examples, unless said otherwise. */
	readonly accountId?: string;
	/** `eu-west-1` unless said otherwise. */
	readonly region?: string;
}

/** An authorizer to be stored; `status` is ACTIVE unless said otherwise, where AWS's own default is INACTIVE. */
export type AuthorizerRegistration = Omit<Authorizer, "arn" | "status"> & Partial<Pick<Authorizer, "status">>;

/** An authorizer that AWS would not create; `message` is AWS's own. */
export class InvalidAuthorizerError extends Error {
	override readonly name = "InvalidAuthorizerError";
	readonly code = "invalid-authorizer";
}

export interface AuthorizerQuery {
	/** The name that the client gave. */
	readonly name?: string | undefined;
	/** TLS server name. */
	readonly serverName?: string | undefined;
}

export type AuthorizerSelection =
	| {
			readonly authorizer: Authorizer;
			/** Undefined where nothing is registered under the authorizer's function ARN. */
			readonly function: AuthorizerFunction | undefined;
			readonly chosenBy: "name" | "domain-configuration" | "account-default";
	  }
	| { readonly refusal: Refusal };

export class Account {
	readonly accountId: string;
	readonly region: string;
	readonly partition: string;
	private readonly functions = new Map<string, AuthorizerFunction>();
	private readonly authorizers = new Map<string, Authorizer>();
	/** By server name in lower case. */
	private readonly domainConfigurations = new Map<string, DomainConfiguration>();
	private defaultAuthorizer: string | undefined;

	constructor({ accountId = "123456789012", region = "eu-west-1" }: AccountOptions = {}) {
		this.accountId = accountId;
		this.region = region;
		this.partition = partitionOf(region);
	}

	/** ARN of a function by its name. */
	functionArn(name: string): string {
		return `arn:${this.partition}:lambda:${this.region}:${this.accountId}:function:${name}`;
	}

	/**
	 * Registers a function; the account closes it at its own end.
	 * @returns the function of that name that was there before and is now the caller's.
	 */
	putFunction(name: string, run: AuthorizerFunction): AuthorizerFunction | undefined {
		const arn = this.functionArn(name);
		const former = this.functions.get(arn);
		this.functions.set(arn, run);
		return former;
	}

	getFunction(arn: string): AuthorizerFunction | undefined {
		return this.functions.get(arn);
	}

	/** ARNs of all functions. */
	listFunctions(): readonly string[] {
		return [...this.functions.keys()];
	}

	/**
	 * Stores an authorizer, in place of one of the same name. Its function need not exist.
	 * @throws {InvalidAuthorizerError}
	 */
	putAuthorizer(registration: AuthorizerRegistration): Authorizer {
		const [breach] = findRuleBreaches(registration);
		if (breach !== undefined) throw new InvalidAuthorizerError(breach.message);
		const { name, status = "ACTIVE" } = registration;
		const arn = `arn:${this.partition}:iot:${this.region}:${this.accountId}:authorizer/${name}`;
		const authorizer = { ...registration, arn, status };
		this.authorizers.set(name, authorizer);
		return authorizer;
	}

	getAuthorizer(name: string): Authorizer | undefined {
		return this.authorizers.get(name);
	}

	listAuthorizers(): readonly Authorizer[] {
		return [...this.authorizers.values()];
	}

	/** Names of the parameters in which authorizers expect tokens; these names are no secrets. */
	tokenKeyNames(): ReadonlySet<string> {
		return new Set(this.listAuthorizers().flatMap(({ tokenKeyName }) => tokenKeyName ?? []));
	}

	/** @param name of an authorizer; an INACTIVE one, too, may be the default. */
	setDefaultAuthorizer(name: string): void {
		this.defaultAuthorizer = name;
	}

	/** Stores a domain configuration, in place of the one for the same server name. */
	putDomainConfiguration(configuration: DomainConfiguration): void {
		this.domainConfigurations.set(configuration.serverName.toLowerCase(), configuration);
	}

	/** The domain configuration that a TLS server name selects. */
	getDomainConfiguration(serverName: string): DomainConfiguration | undefined {
		return this.domainConfigurations.get(serverName.toLowerCase());
	}

	/** Server names of all domain configurations. */
	domainNames(): readonly string[] {
		return [...this.domainConfigurations.values()].map(({ serverName }) => serverName);
	}

	/**
	 * The authorizer of a connection: the one it names, else the default of its domain configuration, else that of the
	 * account. Where the domain configuration forbids to override its default, naming any other is refused.
	 */
	selectAuthorizer({ name, serverName }: AuthorizerQuery): AuthorizerSelection {
		const configuration = serverName === undefined ? undefined : this.getDomainConfiguration(serverName);
		const fallback = configuration?.defaultAuthorizer;
		if (name !== undefined) {
			if (configuration?.allowAuthorizerOverride === false && name !== fallback) {
				return { refusal: refusals.authorizerOverrideForbidden(name, configuration.name, fallback) };
			}
			return this.select(name, "name", "The client");
		}
		if (fallback !== undefined) {
			return this.select(fallback, "domain-configuration", `The domain configuration "${configuration?.name}"`);
		}
		if (this.defaultAuthorizer !== undefined) {
			return this.select(this.defaultAuthorizer, "account-default", "The account's default");
		}
		return { refusal: refusals.noDefaultAuthorizer([...this.authorizers.keys()]) };
	}

	/** Closes every function. */
	async close(): Promise<void> {
		await Promise.all([...this.functions.values()].map((run) => run.close()));
	}

	private select(
		name: string,
		chosenBy: "name" | "domain-configuration" | "account-default",
		namedBy: string,
	): AuthorizerSelection {
		const authorizer = this.authorizers.get(name);
		if (authorizer === undefined) {
			return { refusal: refusals.authorizerNotFound(name, namedBy, [...this.authorizers.keys()]) };
		}
		return { authorizer, function: this.functions.get(authorizer.functionArn), chosenBy };
	}
}

function partitionOf(region: string): string {
	if (region.startsWith("cn-")) return "aws-cn";
	return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
