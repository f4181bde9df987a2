/**
 * The life of an outbox over losses of power and faults of its store, with all that its application knows: which messages
 * must be there, and which may be there or not.
 * @module
 */
import { DeviceError } from "../../../src/device/device-error.js";
import { Outbox, type OutboxLimits } from "../../../src/device/outbox/index.js";
import type { Check } from "../case.js";
import type { TornStore } from "../torn-store.js";
import { message, numbersIn } from "./messages.js";

/** What an application does; a number chooses among the messages that are there. */
export type Step =
	| { readonly do: "add"; readonly bytes: number }
	| { readonly do: "settle" | "drop" | "sent"; readonly which: number }
	| { readonly do: "recall" };

export class PlayedOutbox {
	private readonly store: TornStore;
	private readonly limits: OutboxLimits;
	private readonly check: Check;
	private outbox: Outbox;
	/** Numbers of the messages that must be there, the oldest first. */
	private kept: number[] = [];
	/** Numbers of those that the store failed with, or that the power was lost in: they may be there after a restart. */
	private readonly doubtful = new Set<number>();
	private numbers = new Map<number, number>();
	private lastNumber = 0;

	constructor(store: TornStore, limits: OutboxLimits, check: Check) {
		this.store = store;
		this.limits = limits;
		this.check = check;
		this.outbox = new Outbox({ store, ...limits });
		this.outbox.open();
	}

	/**
	 * A restart: everything that must be there is, once, in order; and nothing else than what may be.
	 * @param trouble arranged for what the new life does first; when that loses the power, another restart is due.
	 */
	restart(trouble: () => void = () => {}): void {
		const { check, doubtful, store } = this;
		store.powerUp();
		trouble();
		const wasDue = store.isDue;
		this.outbox = new Outbox({ store, ...this.limits });
		const { messages, dropped } = this.outbox.open();
		if (store.isCut) return;
		// Damage that could not be deleted is still there.
		const damage = wasDue && !store.isDue ? 1 : 0;
		const found = numbersIn(this.outbox);
		const expected = found.filter((number) => this.kept.includes(number) || doubtful.has(number));
		check.same(found, expected, "nothing else is there");
		check.same(
			found.filter((number) => this.kept.includes(number)),
			this.kept,
			"all is there, once, in order",
		);
		check.same(
			found,
			[...new Set(found)].sort((a, b) => a - b),
			"what may be there is there once, in order",
		);
		check.is(messages, found.length);
		check.same(dropped, []);
		check.is(store.values.size - found.length <= damage, true, "nothing else is stored");
		this.kept = found;
		this.numbers = new Map(this.outbox.ids.map((id, at) => [id, found[at]!]));
		doubtful.clear();
	}

	/** The application does something; the power may be lost in it. Nothing happens without power. */
	step(step: Step): void {
		if (this.store.isCut) return;
		if (step.do === "add") this.add(step.bytes);
		else if (step.do === "recall") this.outbox.recall();
		else this.change(step.do, step.which);
		if (!this.store.isCut) this.check.same(numbersIn(this.outbox), this.kept, "memory knows what is kept");
	}

	/** The outbox works: what is added survives a restart, and once all is settled nothing is left. */
	prove(): void {
		const { check, outbox, store } = this;
		if (outbox.size > 0) this.change("settle", 0);
		this.add(1);
		check.is(this.kept.at(-1), this.lastNumber, "the last one was taken");
		this.restart();
		while (this.kept.length > 0) this.change("settle", 0);
		check.is(store.values.size, 0);
		this.restart();
	}

	private add(bytes: number): void {
		const number = ++this.lastNumber;
		try {
			const { id, dropped } = this.outbox.add(message(number, bytes));
			this.numbers.set(id, number);
			this.kept.push(number);
			for (const { id: victim, failure } of dropped) {
				this.lose(this.numbers.get(victim)!, failure !== undefined);
			}
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			if (this.store.isCut) this.doubtful.add(number);
			else this.check.is(error.code === "full" || error.code === "store-failed", true, error.code);
		}
	}

	private change(what: "settle" | "drop" | "sent", which: number): void {
		const { outbox } = this;
		const { ids } = outbox;
		const id = ids[which % ids.length];
		if (id === undefined) return;
		if (what === "sent") {
			outbox.sent(id);
			return;
		}
		const failure = what === "settle" ? outbox.settle(id) : outbox.drop(id)?.failure;
		this.lose(this.numbers.get(id)!, failure !== undefined);
	}

	/** A message is kept no longer; where the store failed it may be there all the same. */
	private lose(number: number, hasFailed: boolean): void {
		this.kept = this.kept.filter((other) => other !== number);
		if (hasFailed) this.doubtful.add(number);
	}
}
