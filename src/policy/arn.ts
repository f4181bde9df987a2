/**
 * Amazon Resource Names of AWS IoT's MQTT resources, as policies name them.
 * @module
 */

/** Which account and region the resources of a gateway belong to. */
export interface ResourceScope {
	/** For instance `us-east-1`. */
	readonly region: string;
	/** 12 digits. */
	readonly accountId: string;
	/** `aws` unless said otherwise; `aws-cn` in China, `aws-us-gov` in GovCloud. */
	readonly partition?: string;
}

/** `client` for iot:Connect, `topic` for Publish, Receive and RetainPublish, `topicfilter` for Subscribe. */
export type ResourceType = "client" | "topic" | "topicfilter";

/** The ARN that a policy is asked about (AWS IoT Core Developer Guide, "AWS IoT Core action resources"). */
export function iotArn(scope: ResourceScope, type: ResourceType, name: string): string {
	return `arn:${scope.partition ?? "aws"}:iot:${scope.region}:${scope.accountId}:${type}/${name}`;
}

/** `arn:partition:service:region:account:resource`; wildcards and variables may stand in any field. */
const ARN = /^arn:[^:]+:[^:]+:[^:]*:[^:]*:./s;

/** Whether a policy's Resource is `*` or has the shape of an ARN. */
export function isResource(text: string): boolean {
	return text === "*" || ARN.test(text);
}

/** The part of an ARN up to and with its fifth colon, and the rest; undefined where the text is no ARN. */
export function splitArn(arn: string): { readonly scope: string; readonly resource: string } | undefined {
	const scope = /^arn:(?:[^:]*:){4}/.exec(arn)?.[0];
	return scope === undefined ? undefined : { scope, resource: arn.slice(scope.length) };
}
