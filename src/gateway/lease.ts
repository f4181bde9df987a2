/**
 * How long an authorizer's answer holds: the function is asked again after `refreshAfterInSeconds`, and the connection
 * ends after `disconnectAfterInSeconds`, which counts from the connect and is not moved by a refresh (AWS page
 * "Custom authentication workflow").
 * @module
 */
import type { AuthenticationOutcome, AuthorizerAnswer, Refusal } from "../authorizer/index.js";
import type { Clock, Timer } from "../broker/index.js";

export interface LeaseOptions {
	readonly clock: Clock;
	/** Asks the function once more, with the credentials of the CONNECT; must not reject. */
	readonly authenticate: () => Promise<AuthenticationOutcome>;
	/** A new answer holds. */
	readonly refreshed: (answer: AuthorizerAnswer) => void;
	/** The function does not let the client in any more. */
	readonly withdrawn: (refusal: Refusal) => void;
	/** `disconnectAfterInSeconds` is over. */
	readonly expired: () => void;
}

export class Lease {
	private readonly options: LeaseOptions;
	private refreshTimer: Timer;
	private expiryTimer: Timer;
	private isOver = false;

	constructor(answer: AuthorizerAnswer, options: LeaseOptions) {
		this.options = options;
		this.expiryTimer = options.clock.setTimer(() => {
			this.cancel();
			options.expired();
		}, answer.disconnectAfterInSeconds * 1000);
		this.scheduleRefresh(answer);
	}

	/** Nothing more is asked or told. */
	cancel(): void {
		this.isOver = true;
		this.options.clock.clearTimer(this.refreshTimer);
		this.options.clock.clearTimer(this.expiryTimer);
	}

	private scheduleRefresh({ refreshAfterInSeconds }: AuthorizerAnswer): void {
		this.refreshTimer = this.options.clock.setTimer(() => void this.refresh(), refreshAfterInSeconds * 1000);
	}

	private async refresh(): Promise<void> {
		const outcome = await this.options.authenticate();
		if (this.isOver) return;
		if (outcome.authenticated) {
			this.scheduleRefresh(outcome.answer);
			this.options.refreshed(outcome.answer);
		} else {
			this.cancel();
			this.options.withdrawn(outcome.refusal);
		}
	}
}
