/**
 * Asks the policies that an authorizer's function returned whether one client may do one thing.
 * @module
 */
import {
	evaluatePolicies,
	iotArn,
	type NamedPolicy,
	type PolicyContext,
	type ResourceScope,
	type ResourceType,
} from "../policy/index.js";

/** What a CONNECT may ask for beyond a connection (AWS page "MQTT", "Using connectAttributes"). */
export type ConnectAttribute = "PersistentConnect" | "LastWill";

/** Who acts, as far as policy variables and condition keys know it. */
export interface Actor {
	readonly clientId: string;
	/** IP address of the client. */
	readonly sourceIp: string;
	/** TLS server name that the client chose. */
	readonly domainName: string;
	readonly connectAttributes: readonly ConnectAttribute[];
}

export type GuardedAction = "iot:Connect" | "iot:Publish" | "iot:RetainPublish" | "iot:Subscribe" | "iot:Receive";

export interface Denial {
	readonly action: GuardedAction;
	/** ARN. */
	readonly resource: string;
	readonly explanation: string;
}

const RESOURCE_TYPE: Readonly<Record<GuardedAction, ResourceType>> = {
	"iot:Connect": "client",
	"iot:Publish": "topic",
	"iot:RetainPublish": "topic",
	"iot:Subscribe": "topicfilter",
	"iot:Receive": "topic",
};

/** The policies of one connection; they are replaced when they are refreshed. */
export class PolicyGuard {
	private policies: readonly NamedPolicy[];
	private readonly scope: ResourceScope;
	private readonly context: PolicyContext;
	private readonly connectContext: PolicyContext;

	constructor(policies: readonly NamedPolicy[], scope: ResourceScope, actor: Actor) {
		this.policies = policies;
		this.scope = scope;
		this.context = {
			"iot:ClientId": actor.clientId,
			"aws:SourceIp": actor.sourceIp,
			"iot:DomainName": actor.domainName,
		};
		this.connectContext = { ...this.context, "iot:ConnectAttributes": actor.connectAttributes };
	}

	replace(policies: readonly NamedPolicy[]): void {
		this.policies = policies;
	}

	/**
	 * @param name client identifier, topic name or topic filter.
	 * @returns why the action is denied; `undefined` when it is allowed.
	 */
	denial(action: GuardedAction, name: string): Denial | undefined {
		const resource = iotArn(this.scope, RESOURCE_TYPE[action], name);
		const context = action === "iot:Connect" ? this.connectContext : this.context;
		const decision = evaluatePolicies(this.policies, { action, resource, context });
		return decision.outcome === "ALLOWED" ? undefined : { action, resource, explanation: decision.explanation };
	}
}
