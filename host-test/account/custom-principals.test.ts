import test from "ava";
import { Account, type CustomPrincipal } from "../../src/account/index.js";

const principal = (principalId: string, more: Partial<CustomPrincipal> = {}): CustomPrincipal => ({
	authorizerName: "A",
	principalId,
	policyDocuments: [],
	policies: [],
	at: 1,
	...more,
});

test("a principal is known by its authorizer and its id, as it was last let in", (t) => {
	const { customPrincipals } = new Account();
	customPrincipals.remember(principal("p"));
	const latest = principal("p", { at: 2, policyDocuments: ["{}"] });
	customPrincipals.remember(latest);
	t.is(customPrincipals.find("A", "p"), latest);
	t.is(customPrincipals.find("B", "p"), undefined);
});

test("a thousand are kept; the one that was not seen for longest goes", (t) => {
	const { customPrincipals } = new Account();
	for (let number = 0; number < 1000; number++) customPrincipals.remember(principal(`p${number}`));
	customPrincipals.remember(principal("p0"));
	customPrincipals.remember(principal("p1000"));
	t.is(customPrincipals.find("A", "p1"), undefined);
	t.truthy(customPrincipals.find("A", "p0"));
	t.is(customPrincipals.list().length, 1000);
	t.is(customPrincipals.list()[0]?.principalId, "p1000");
});
