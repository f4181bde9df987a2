import test from "ava";
import { ServiceError } from "../../src/account/index.js";

test("an error has AWS's type, a code of it in kebab-case, and the members of its body", (t) => {
	const error = new ServiceError("ResourceAlreadyExistsException", "taken", { resourceId: "a" });
	t.is(error.type, "ResourceAlreadyExistsException");
	t.is(error.code, "resource-already-exists-exception");
	t.is(error.message, "taken");
	t.deepEqual(error.members, { resourceId: "a" });
});
