/**
 * The typed values of conditions: numbers, moments, truth values and bytes, read from text.
 * Each reader answers undefined for what is none (IAM User Guide, "IAM JSON policy elements: Condition operators").
 * @module
 */

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** An integer or decimal, as the nearest IEEE 754 double. */
export function readNumber(text: string): number | undefined {
	const value = NUMBER.test(text) ? Number(text) : Number.NaN;
	return Number.isFinite(value) ? value : undefined;
}

const YEAR = /^\d{4}$/;
const EPOCH = /^\d+(?:\.\d+)?$/;
/** https://www.w3.org/TR/NOTE-datetime; a time needs its zone. */
const MOMENT = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

/**
 * A moment in milliseconds since 1970: a W3C form of ISO 8601, or seconds since 1970. Four digits alone are a year.
 */
export function readMoment(text: string): number | undefined {
	if (EPOCH.test(text) && !YEAR.test(text)) {
		const milliseconds = Number(text) * 1000;
		return Number.isFinite(milliseconds) ? milliseconds : undefined;
	}
	const fields = MOMENT.exec(text);
	if (fields === null) return undefined;
	const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] =
		fields;
	const whole = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
	const offset = readOffset(zone);
	// Date.parse takes February 30 for March 1, and 24:00 for the next day.
	if (Number.isNaN(whole) || new Date(whole).getUTCDate() !== Number(day) || offset === undefined) return undefined;
	return whole + Number(fraction) * 1000 - offset;
}

/** Milliseconds by which the local time is ahead. */
function readOffset(zone: string): number | undefined {
	if (zone === "Z") return 0;
	const hours = Number(zone.slice(1, 3));
	const minutes = Number(zone.slice(4));
	if (hours > 23 || minutes > 59) return undefined;
	return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** `true` or `false` in any case. */
export function readTruth(text: string): boolean | undefined {
	const lower = text.toLowerCase();
	return lower === "true" ? true : lower === "false" ? false : undefined;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes written in base64 with padding, in one form for equal bytes. */
export function readBytes(text: string): string | undefined {
	return BASE64.test(text) ? Buffer.from(text, "base64").toString("base64") : undefined;
}
