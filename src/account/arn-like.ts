/**
 * IAM's ArnLike: ARNs against patterns (IAM User Guide, "Amazon Resource Name (ARN) condition operators").
 * @module
 */

/**
 * Whether an ARN fits a pattern in which `*` stands for any run of characters and `?` for one. Each of the six parts
 * between colons is compared by itself, so that a wildcard reaches no further than its part.
 */
export function arnLike(arn: string, pattern: string): boolean {
	const wanted = partsOf(pattern);
	const given = partsOf(arn);
	if (wanted === undefined || given === undefined) return false;
	return wanted.every((part, index) => fits(given[index] ?? "", part));
}

/** The six parts; the last one keeps its colons. */
function partsOf(arn: string): readonly string[] | undefined {
	const parts = arn.split(":");
	return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** Goes back to the last `*` only, so that the time is the product of the lengths at most. */
function fits(text: string, pattern: string): boolean {
	let at = 0;
	let wanted = 0;
	let star = -1;
	let starAt = 0;
	while (at < text.length) {
		if (pattern[wanted] === "*") {
			star = wanted++;
			starAt = at;
		} else if (pattern[wanted] === "?" || pattern[wanted] === text[at]) {
			wanted++;
			at++;
		} else if (star >= 0) {
			wanted = star + 1;
			at = ++starAt;
		} else return false;
	}
	return /^\**$/.test(pattern.slice(wanted));
}
