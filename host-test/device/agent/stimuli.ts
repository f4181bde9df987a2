/** @module */
import type { AgentStimulus } from "../../../src/device/agent/index.js";

/** All there are. */
export const STIMULI: readonly AgentStimulus[] = [
	"start",
	"join",
	"synchronize",
	"sign",
	"connect",
	"unusable",
	"online",
	"over",
	"refused",
	"refresh",
	"stop",
];
