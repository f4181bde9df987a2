/**
 * Tags of authorizers, policies and domain configurations (AWS IoT API Reference, "TagResource" and its neighbours).
 * @module
 */
import { operation } from "../operation.js";
import { page } from "../paging.js";
import { list, query, string, structure } from "../shape.js";
import type { IotContext } from "./context.js";
import { TAG_KEY, TAGS } from "./shapes.js";

const service = "iot";
/** Tags of an answer; a resource has 50 at most. */
const PAGE_SIZE = 50;

export const tagOperations = [
	operation({
		service,
		name: "TagResource",
		method: "POST",
		path: "/tags",
		errors: ["InvalidRequestException", "ResourceNotFoundException", "LimitExceededException"],
		input: structure({ resourceArn: string(), tags: TAGS }, ["resourceArn", "tags"]),
		run: ({ resourceArn, tags }, { account }: IotContext) => account.tags.tag(resourceArn, tags),
	}),
	operation({
		service,
		name: "UntagResource",
		method: "POST",
		path: "/untag",
		errors: ["InvalidRequestException", "ResourceNotFoundException"],
		input: structure({ resourceArn: string(), tagKeys: list(TAG_KEY) }, ["resourceArn", "tagKeys"]),
		run: ({ resourceArn, tagKeys }, { account }: IotContext) => account.tags.untag(resourceArn, tagKeys),
	}),
	operation({
		service,
		name: "ListTagsForResource",
		method: "GET",
		path: "/tags",
		errors: ["InvalidRequestException", "ResourceNotFoundException"],
		input: structure({ resourceArn: query(string()), nextToken: query(string()) }, ["resourceArn"]),
		run: ({ resourceArn, nextToken }, { account }: IotContext) => {
			const { items, nextMarker } = page({
				operation: "listTagsForResource",
				items: account.tags.list(resourceArn),
				place: ({ Key }) => [Key],
				size: PAGE_SIZE,
				marker: nextToken,
			});
			return { tags: items, nextToken: nextMarker };
		},
	}),
];
