#!/usr/bin/env node
// The command is TypeScript, run as it is; tsx translates each file when it is loaded.
import { register } from "tsx/esm/api";

register();
await import("./main.ts");
