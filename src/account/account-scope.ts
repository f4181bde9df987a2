/**
 * Which account and region things belong to, and the ARNs that follow from it.
 * @module
 */
import { createHash } from "node:crypto";

export interface AccountScope {
	/** 12 digits. */
	readonly accountId: string;
	/** For instance `eu-west-1`. */
	readonly region: string;
	/** `aws`, `aws-cn` in China, `aws-us-gov` in GovCloud. */
	readonly partition: string;
}

/** The partition that a region is part of. */
export function partitionOf(region: string): string {
	if (region.startsWith("cn-")) return "aws-cn";
	return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** ARN of something of AWS IoT, for instance `authorizer/demo`. */
export function iotResourceArn({ partition, region, accountId }: AccountScope, resource: string): string {
	return `arn:${partition}:iot:${region}:${accountId}:${resource}`;
}

/** ARN of a function by its name, without a qualifier. */
export function functionArnOf({ partition, region, accountId }: AccountScope, functionName: string): string {
	return `arn:${partition}:lambda:${region}:${accountId}:function:${functionName}`;
}

/**
 * ARN of a domain configuration. AWS ends it in five characters of its own; here they follow from the name, so that the
 * same configuration has the same ARN after every start.
 */
export function domainConfigurationArn(scope: AccountScope, name: string): string {
	const ending = createHash("sha256")
		.update(name)
		.digest("base64")
		.replaceAll(/[^A-Za-z0-9]/g, "")
		.slice(0, 5);
	return iotResourceArn(scope, `domainconfiguration/${name}/${ending}`);
}
