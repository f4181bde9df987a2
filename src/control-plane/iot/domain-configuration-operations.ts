/**
 * Operations on domain configurations and the endpoint (AWS IoT API Reference, "CreateDomainConfiguration" and its
 * neighbours, "DescribeEndpoint").
 * @module
 */
import {
	APPLICATION_PROTOCOLS,
	AUTHENTICATION_TYPES,
	DOMAIN_CONFIGURATION_STATUSES,
	type DomainConfigurationRecord,
} from "../../account/index.js";
import { ApiError } from "../errors.js";
import { operation } from "../operation.js";
import { page } from "../paging.js";
import { boolean, list, query, string, structure, uri, word } from "../shape.js";
import { epochSeconds, type IotContext } from "./context.js";
import { ANY, AUTHORIZER_NAME, LARGEST_PAGE, PAGE, TAGS } from "./shapes.js";

const service = "iot";

const ACM_ARN = string({
	pattern:
		"arn:aws(-cn|-us-gov|-iso-b|-iso)?:acm:[a-z]{2}-(gov-|iso-|isob-)?[a-z]{4,9}-\\d{1}:\\d{12}:certificate/[a-zA-Z0-9/-]+",
	min: 1,
	max: 2048,
});
const SERVICE_TYPE = word(["DATA", "CREDENTIAL_PROVIDER", "JOBS"]);
/** Names that AWS gives to endpoints of its own hold a colon. */
const RESERVED_NAME = string({ pattern: "[\\w.:-]+", min: 1, max: 128 });
const NAME = string({ pattern: "[\\w.-]+", min: 1, max: 128 });

/** What Create and Update share. */
const DETAILS = {
	authorizerConfig: structure({ defaultAuthorizerName: AUTHORIZER_NAME, allowAuthorizerOverride: boolean() }),
	tlsConfig: structure({ securityPolicy: string({ pattern: ANY, max: 128 }) }),
	serverCertificateConfig: structure({
		enableOCSPCheck: boolean(),
		ocspLambdaArn: string({ max: 140 }),
		ocspAuthorizedResponderArn: ACM_ARN,
	}),
	authenticationType: word(AUTHENTICATION_TYPES),
	applicationProtocol: word(APPLICATION_PROTOCOLS),
	clientCertificateConfig: structure({ clientCertificateCallbackArn: string({ pattern: ANY, max: 2048 }) }),
} as const;

export const domainConfigurationOperations = [
	operation({
		service,
		name: "CreateDomainConfiguration",
		method: "POST",
		path: "/domainConfigurations/{domainConfigurationName}",
		errors: [
			"LimitExceededException",
			"CertificateValidationException",
			"ResourceAlreadyExistsException",
			"InvalidRequestException",
		],
		differences:
			"the certificate is made by the development CA whatever `serverCertificateArns` names; without `domainName` the name is `<configuration>.iot.<region>.localhost`, for `/etc/hosts` where the system does not lead it here; TLS, OCSP and callback settings are kept and change nothing",
		input: structure({
			domainConfigurationName: uri(NAME),
			domainName: string({ pattern: ANY, min: 1, max: 253 }),
			serverCertificateArns: list(ACM_ARN, { min: 0, max: 1 }),
			validationCertificateArn: ACM_ARN,
			serviceType: SERVICE_TYPE,
			tags: TAGS,
			...DETAILS,
		}),
		run: (input, { account }: IotContext) => nameAndArn(account.domainConfigurations.create(input)),
	}),
	operation({
		service,
		name: "UpdateDomainConfiguration",
		method: "PUT",
		path: "/domainConfigurations/{domainConfigurationName}",
		errors: ["ResourceNotFoundException", "CertificateValidationException", "InvalidRequestException"],
		input: structure({
			domainConfigurationName: uri(RESERVED_NAME),
			domainConfigurationStatus: word(DOMAIN_CONFIGURATION_STATUSES),
			removeAuthorizerConfig: boolean(),
			...DETAILS,
		}),
		run: ({ domainConfigurationName, ...update }, { account }: IotContext) =>
			nameAndArn(account.domainConfigurations.update(domainConfigurationName, update)),
	}),
	operation({
		service,
		name: "DescribeDomainConfiguration",
		method: "GET",
		path: "/domainConfigurations/{domainConfigurationName}",
		errors: ["ResourceNotFoundException", "InvalidRequestException"],
		input: structure({ domainConfigurationName: uri(RESERVED_NAME) }),
		run: ({ domainConfigurationName }, { account }: IotContext) =>
			description(account.domainConfigurations.describe(domainConfigurationName)),
	}),
	operation({
		service,
		name: "ListDomainConfigurations",
		method: "GET",
		path: "/domainConfigurations",
		errors: ["InvalidRequestException"],
		input: structure({ ...PAGE, serviceType: query(SERVICE_TYPE) }),
		run: ({ marker, pageSize = LARGEST_PAGE, serviceType = "DATA" }, { account }: IotContext) => {
			const { items, nextMarker } = page({
				operation: "listDomainConfigurations",
				items: account.domainConfigurations.list().filter((record) => record.serviceType === serviceType),
				place: ({ name }) => [name],
				size: pageSize,
				marker,
			});
			return {
				domainConfigurations: items.map((record) => ({ ...nameAndArn(record), serviceType: record.serviceType })),
				nextMarker,
			};
		},
	}),
	operation({
		service,
		name: "DeleteDomainConfiguration",
		method: "DELETE",
		path: "/domainConfigurations/{domainConfigurationName}",
		errors: ["ResourceNotFoundException", "InvalidRequestException"],
		differences: "AWS asks for seven days between DISABLED and the deletion of an AWS-managed one",
		input: structure({ domainConfigurationName: uri(NAME) }),
		run: ({ domainConfigurationName }, { account }: IotContext) =>
			account.domainConfigurations.delete(domainConfigurationName),
	}),
	operation({
		service,
		name: "DescribeEndpoint",
		method: "GET",
		path: "/endpoint",
		errors: ["InvalidRequestException"],
		differences: "the gateway's name and port, for `iot:Data` and `iot:Data-ATS`; there are no other endpoints",
		input: structure({ endpointType: query(string({ pattern: ANY, max: 128 })) }),
		run: ({ endpointType = "iot:Data" }, { endpointAddress }: IotContext) => {
			if (DATA_ENDPOINTS.has(endpointType)) return { endpointAddress };
			throw new ApiError("InvalidRequestException", `Endpoint type ${endpointType} is not supported by Latchkey`);
		},
	}),
];

const DATA_ENDPOINTS: ReadonlySet<string> = new Set(["iot:Data", "iot:Data-ATS"]);

function nameAndArn({ name, arn }: DomainConfigurationRecord) {
	return { domainConfigurationName: name, domainConfigurationArn: arn };
}

function description(record: DomainConfigurationRecord) {
	const { serverName, serverCertificateArns, status, lastStatusChangeDate, validationCertificateArn } = record;
	return {
		...nameAndArn(record),
		domainName: serverName,
		serverCertificates: serverCertificateArns.map((arn) => ({
			serverCertificateArn: arn,
			serverCertificateStatus: "VALID",
		})),
		validationCertificateArn,
		authorizerConfig: record.authorizerConfig,
		domainConfigurationStatus: status,
		serviceType: record.serviceType,
		domainType: record.domainType,
		lastStatusChangeDate: epochSeconds(lastStatusChangeDate),
		tlsConfig: record.tlsConfig,
		serverCertificateConfig: record.serverCertificateConfig,
		authenticationType: record.authenticationType,
		applicationProtocol: record.applicationProtocol,
		clientCertificateConfig: record.clientCertificateConfig,
	};
}
