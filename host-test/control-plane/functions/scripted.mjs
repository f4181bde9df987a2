/**
 * A function that does what a JSON text says, its token or the MQTT password: `{"answer": ...}` is answered,
 * `{"throw": "text"}` thrown, `{"hang": true}` never answered, `{"crash": true}` ends the process. Without such a text it
 * lets everybody in, and the Sid of its policy tells the event that it was given, as JSON.
 */
export async function handler(event) {
	const script = scriptOf(event.token ?? decoded(event.protocolData?.mqtt?.password));
	if (script === undefined) return telling(event);
	if (script.throw !== undefined) throw new RangeError(script.throw);
	if (script.hang) return new Promise(() => {});
	if (script.crash) return process.kill(process.pid, "SIGKILL");
	return script.answer;
}

function telling(event) {
	const statement = { Sid: JSON.stringify(event), Effect: "Allow", Action: "iot:Connect", Resource: "*" };
	return {
		isAuthenticated: true,
		principalId: "Told",
		policyDocuments: [{ Version: "2012-10-17", Statement: [statement] }],
	};
}

function scriptOf(text) {
	try {
		const script = JSON.parse(text);
		return typeof script === "object" && script !== null ? script : undefined;
	} catch {
		// Any other text is a token like those of devices.
		return undefined;
	}
}

function decoded(base64) {
	return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString();
}
