/**
 * The domain configuration behind a server name: one that is DISABLED keeps everybody out, whatever the authorizer says.
 * @module
 */
import { printable } from "../../policy/index.js";
import { callAws } from "./call.js";
import type { Service } from "./endpoint.js";
import { bad, type Finding } from "./finding.js";

/** Most configurations that are looked at; AWS IoT Core has 10 of an account and region unless raised. */
const MOST_CONFIGURATIONS = 20;

/**
 * Bad news of the domain configuration whose name a client sends; nothing where it is enabled, or cannot be looked at.
 * @throws {CommandFailure} where the service is not reached.
 */
export async function explainDomainConfiguration(service: Service, serverName: string): Promise<Finding[]> {
	const { DescribeDomainConfigurationCommand, ListDomainConfigurationsCommand } = await import("@aws-sdk/client-iot");
	const list = new ListDomainConfigurationsCommand({ pageSize: MOST_CONFIGURATIONS });
	const { answer } = await callAws(service, () => service.client.send(list));
	for (const { domainConfigurationName } of answer?.domainConfigurations?.slice(0, MOST_CONFIGURATIONS) ?? []) {
		const command = new DescribeDomainConfigurationCommand({ domainConfigurationName });
		const described = await callAws(service, () => service.client.send(command));
		const { domainName, domainConfigurationStatus } = described.answer ?? {};
		if (domainName?.toLowerCase() !== serverName.toLowerCase()) continue;
		return domainConfigurationStatus === "DISABLED" ? [disabled(domainConfigurationName ?? "", serverName)] : [];
	}
	return [];
}

function disabled(name: string, serverName: string): Finding {
	return bad(
		"domain-configuration-disabled",
		`the domain configuration ${printable(name)} of the server name ${printable(serverName)} is DISABLED: every CONNECT to it is refused`,
		`aws iot update-domain-configuration --domain-configuration-name ${printable(name)} --domain-configuration-status ENABLED`,
	);
}
