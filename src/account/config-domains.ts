/**
 * `domainConfigurations` and the account's `defaultAuthorizer` of `latchkey.json`.
 * @module
 */
import type { ConfigObject } from "./config-reader.js";
import type { ConfigScope } from "./config-scope.js";
import {
	APPLICATION_PROTOCOLS,
	AUTHENTICATION_TYPES,
	DOMAIN_CONFIGURATION_STATUSES,
	type DomainConfigurationRecord,
} from "./domain-configuration.js";
import { configuredDomain, HOST_NAME, protocolProblem } from "./domain-configuration-record.js";

const MEMBERS = [
	"serverName",
	"defaultAuthorizer",
	"allowAuthorizerOverride",
	"authenticationType",
	"applicationProtocol",
	"status",
];
const DOMAIN_CONFIGURATION_NAME = /^[\w.-]{1,128}$/;

/** Domain configurations with AWS's defaults; clients may override the default authorizer unless the document forbids it. */
export function readDomainConfigurations(scope: ConfigScope): readonly DomainConfigurationRecord[] {
	const { reader, root } = scope;
	const serverNames = new Set<string>();
	return reader.entries(root, "domainConfigurations").map((entry) => {
		const shape = "the name of a domain configuration is 1 to 128 of A-Z a-z 0-9 _ . -";
		reader.checkName(entry, DOMAIN_CONFIGURATION_NAME, shape);
		const object = reader.object(entry.value, MEMBERS);
		const serverName = reader.required(object, "serverName", HOST_NAME, "a host name of 1 to 253 characters") ?? "";
		if (serverName !== "" && serverNames.has(serverName.toLowerCase())) {
			const place = reader.member(object, "serverName");
			reader.refuse(place, "another domain configuration has the same server name");
		}
		serverNames.add(serverName.toLowerCase());
		const configuration = {
			name: entry.name,
			serverName,
			defaultAuthorizer: readDefaultAuthorizer(scope, object),
			allowAuthorizerOverride: reader.boolean(object, "allowAuthorizerOverride") ?? true,
			authenticationType: reader.word(object, "authenticationType", AUTHENTICATION_TYPES) ?? "DEFAULT",
			applicationProtocol: reader.word(object, "applicationProtocol", APPLICATION_PROTOCOLS) ?? "DEFAULT",
			status: reader.word(object, "status", DOMAIN_CONFIGURATION_STATUSES),
		};
		const problem = protocolProblem(configuration);
		if (problem !== undefined) {
			reader.refuse(reader.member(object, "authenticationType"), problem);
		}
		return configuredDomain(scope.account, configuration, scope.now);
	});
}

/** `defaultAuthorizer` of the account or of a domain configuration. */
export function readDefaultAuthorizer({ reader, root }: ConfigScope, parent: ConfigObject): string | undefined {
	const name = reader.string(parent, "defaultAuthorizer");
	if (name === undefined) return undefined;
	if (reader.member(reader.member(root, "authorizers"), name).node === undefined) {
		const place = reader.member(parent, "defaultAuthorizer");
		reader.refuse(place, "there is no authorizer of that name under $.authorizers");
	}
	return name;
}
