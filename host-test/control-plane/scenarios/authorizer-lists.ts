/**
 * ListAuthorizers.
 * @module
 */
import type { Scenario } from "../scenario.js";
import { createAuthorizer, LISTED, list } from "./authorizers.js";
import { broken, fails, invalidRequest, PATTERN, succeeds } from "./steps.js";

const NEXT = (marker: unknown) => typeof marker === "string" && /^[A-Za-z0-9+/]+={0,2}$/.test(marker);

export const authorizerListScenarios: readonly Scenario[] = [
	{
		title: "authorizers are listed newest first, oldest first on request",
		configuration: {},
		steps: [
			list({}, LISTED()),
			...["b", "a", "c"].map((name) => createAuthorizer(name)),
			list({}, LISTED("c", "a", "b")),
			list({ ascendingOrder: false }, LISTED("c", "a", "b")),
			list({ ascendingOrder: true }, LISTED("b", "a", "c")),
		],
	},
	{
		title: "authorizers are listed by status",
		configuration: {},
		steps: [
			createAuthorizer("on", { status: "ACTIVE" }),
			createAuthorizer("off"),
			list({ status: "ACTIVE" }, LISTED("on")),
			list({ status: "INACTIVE" }, LISTED("off")),
			fails("ListAuthorizers", { status: "ON" }, broken(["status", "satisfy enum value set: [ACTIVE, INACTIVE]"])),
		],
	},
	{
		title: "a list comes in pages, and the last one has no marker",
		configuration: {},
		steps: [
			...["a", "b", "c", "d", "e"].map((name) => createAuthorizer(name)),
			list({ pageSize: 2 }, { ...LISTED("e", "d"), nextMarker: NEXT }),
			succeeds("ListAuthorizers", (outputs) => ({ pageSize: 2, marker: outputs[5]?.["nextMarker"] }), {
				...LISTED("c", "b"),
				nextMarker: NEXT,
			}),
			succeeds("ListAuthorizers", (outputs) => ({ pageSize: 2, marker: outputs[6]?.["nextMarker"] }), LISTED("a")),
			list({ pageSize: 3, ascendingOrder: true }, { ...LISTED("a", "b", "c"), nextMarker: NEXT }),
			succeeds(
				"ListAuthorizers",
				(outputs) => ({ pageSize: 2, ascendingOrder: true, marker: outputs[8]?.["nextMarker"] }),
				LISTED("d", "e"),
			),
			list({ pageSize: 5 }, LISTED("e", "d", "c", "b", "a")),
		],
	},
	{
		title: "a marker that no list gave is refused",
		configuration: {},
		steps: [
			createAuthorizer("a"),
			createAuthorizer("b"),
			fails(
				"ListAuthorizers",
				{ marker: "AAAA" },
				invalidRequest("Invalid/Malformed marker passed for listAuthorizers"),
			),
			fails("ListAuthorizers", { marker: "no marker" }, broken(["marker", `${PATTERN} [A-Za-z0-9+/]+={0,2}`])),
		],
	},
	{
		title: "a page has 1 to 250 authorizers",
		configuration: {},
		steps: [
			fails("ListAuthorizers", { pageSize: 251 }, broken(["pageSize", "have value less than or equal to 250"])),
			fails(
				"ListAuthorizers",
				{ pageSize: 0 },
				broken(["pageSize", "have value greater than or equal to 1"]),
				"Invalid value for parameter pageSize, value: 0, valid min value: 1",
			),
		],
	},
];
