/** The function of AWS's documentation: it lets the token "allow" in, and denies any other. */
export async function handler({ token }) {
	const Statement = [
		{ Action: "iot:Publish", Effect: "Allow", Resource: "arn:aws:iot:eu-west-1:123456789012:topic/customauthtesting" },
	];
	return {
		isAuthenticated: token === "allow",
		principalId: "principalId",
		policyDocuments: [{ Version: "2012-10-17", Statement }],
		refreshAfterInSeconds: 600,
		disconnectAfterInSeconds: 3600,
	};
}
