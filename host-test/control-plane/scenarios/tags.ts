/**
 * TagResource, UntagResource, ListTagsForResource.
 * @module
 */
import type { Scenario, Step } from "../scenario.js";
import { arn } from "../site.js";
import { createPolicy } from "./policies.js";
import { broken, fails, invalidRequest, limitExceeded, notFound, succeeds } from "./steps.js";

const SIGNED = arn("iot", "authorizer/Signed");
const MISSING = arn("iot", "authorizer/missing");
const NO_ARN = invalidRequest("The resource ARN is not in proper ARN syntax");
const NOT_FOUND = notFound(`Resource ${MISSING} not found`);
const KEYS = (keys: readonly string[]) => keys.map((Key) => ({ Key, Value: `value of ${Key}` }));

const tag = (keys: readonly string[]) => succeeds("TagResource", { resourceArn: SIGNED, tags: KEYS(keys) });

function tagsAre(...tags: readonly object[]): Step {
	return succeeds("ListTagsForResource", { resourceArn: SIGNED }, { tags });
}

const MANY = Array.from({ length: 50 }, (_, index) => `k${String(index).padStart(2, "0")}`);

export const tagScenarios: readonly Scenario[] = [
	{
		title: "tags are added, replaced by their keys and taken off",
		steps: [
			tagsAre(),
			tag(["b", "a"]),
			tagsAre(...KEYS(["a", "b"])),
			succeeds("TagResource", { resourceArn: SIGNED, tags: [{ Key: "a", Value: "" }] }),
			tagsAre({ Key: "a", Value: "" }, ...KEYS(["b"])),
			succeeds("UntagResource", { resourceArn: SIGNED, tagKeys: ["b", "never"] }),
			tagsAre({ Key: "a", Value: "" }),
			succeeds("UntagResource", { resourceArn: SIGNED, tagKeys: ["a"] }),
			tagsAre(),
		],
	},
	{
		title: "policies have tags as authorizers have, and others are not theirs",
		steps: [
			createPolicy("P"),
			succeeds("TagResource", { resourceArn: arn("iot", "policy/P"), tags: KEYS(["p"]) }),
			succeeds("ListTagsForResource", { resourceArn: arn("iot", "policy/P") }, { tags: KEYS(["p"]) }),
			tagsAre(),
		],
	},
	{
		title: "what does not exist cannot be tagged, and its list is empty",
		steps: [
			succeeds("ListTagsForResource", { resourceArn: MISSING }, { tags: [] }),
			fails("TagResource", { resourceArn: MISSING, tags: KEYS(["a"]) }, NOT_FOUND),
			fails("UntagResource", { resourceArn: MISSING, tagKeys: ["a"] }, NOT_FOUND),
		],
	},
	{
		title: "tags belong to ARNs and keep their constraints",
		steps: [
			fails("TagResource", { resourceArn: "Signed", tags: KEYS(["a"]) }, NO_ARN),
			fails("UntagResource", { resourceArn: "Signed", tagKeys: ["a"] }, NO_ARN),
			fails("ListTagsForResource", { resourceArn: "Signed" }, NO_ARN),
			fails("TagResource", { resourceArn: SIGNED }, broken(["tags", "not be null"]), "tags"),
			fails(
				"TagResource",
				{ resourceArn: SIGNED, tags: KEYS(["a", "a"]) },
				invalidRequest("The tag key a is given twice"),
			),
			fails(
				"TagResource",
				{ resourceArn: SIGNED, tags: KEYS(["aws:a"]) },
				invalidRequest("The tag key aws:a is reserved: it must not start with aws:"),
			),
			fails(
				"TagResource",
				{ resourceArn: SIGNED, tags: [{ Key: "a", Value: "v".repeat(257) }] },
				broken(["tags.1.member.value", "have length less than or equal to 256"]),
			),
			fails(
				"ListTagsForResource",
				{ resourceArn: SIGNED, nextToken: "AAAA" },
				invalidRequest("Invalid/Malformed marker passed for listTagsForResource"),
			),
			tagsAre(),
		],
	},
	{
		title: "a resource has 50 tags at most",
		steps: [
			tag(MANY),
			fails(
				"TagResource",
				{ resourceArn: SIGNED, tags: KEYS(["one", "more"]) },
				limitExceeded("A resource can have at most 50 tags"),
			),
			tagsAre(...KEYS(MANY)),
		],
	},
];
