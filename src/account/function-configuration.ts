/**
 * What an account keeps of a Lambda function.
 * @module
 */

/** Where a function is. */
export type FunctionSource =
	/** Absolute path of a JavaScript or TypeScript module on this machine, run as it is and again when it changes. */
	| { readonly module: string }
	/** Behind a Lambda Invoke endpoint, for instance `http://127.0.0.1:3001` or AWS's own. */
	| {
			readonly endpoint: string;
			/** Name or ARN there; the function's own name unless given. */
			readonly functionName?: string | undefined;
			/** The account's own region unless given. */
			readonly region?: string | undefined;
	  }
	/**
	 * A deployment package, unpacked, below the folder of all packages; the handler is `file.export` in it. Who opens a
	 * function knows that folder, which may be moved.
	 */
	| { readonly directory: string; readonly handler: string };

/** AWS Lambda API, "FunctionConfiguration". */
export interface FunctionConfiguration {
	/** 1-64 of `[A-Za-z0-9-_]`. */
	readonly functionName: string;
	/** Without a qualifier. */
	readonly functionArn: string;
	readonly source: FunctionSource;
	readonly runtime?: string | undefined;
	readonly role?: string | undefined;
	readonly handler?: string | undefined;
	readonly description?: string | undefined;
	/** Seconds, 1-900. An authorizer's call is over after this time, or five seconds if that is less. */
	readonly timeout: number;
	/** MB, 128-10240. */
	readonly memorySize: number;
	/** Environment variables; they may be secrets. */
	readonly environment?: Readonly<Record<string, string>> | undefined;
	/** Of the deployment package, base64. */
	readonly codeSha256?: string | undefined;
	/** Of the deployment package, bytes. */
	readonly codeSize?: number | undefined;
	/** Milliseconds since the epoch. */
	readonly lastModified: number;
}

/**
 * What CreateFunction is given. Timeout 3 s, 5 s behind an endpoint, and memory 128 MB unless said otherwise; on AWS 3 s and
 * 128 MB.
 */
export type FunctionCreation = Omit<
	FunctionConfiguration,
	"functionArn" | "lastModified" | "timeout" | "memorySize"
> & {
	readonly timeout?: number | undefined;
	readonly memorySize?: number | undefined;
};

/** What UpdateFunctionCode and UpdateFunctionConfiguration can change; what is not given stays. */
export type FunctionUpdate = Partial<Omit<FunctionCreation, "functionName">>;
