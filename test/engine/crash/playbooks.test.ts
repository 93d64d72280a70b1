/** A crash behind every call that changes something, in every playbook: nothing is lost, and nothing is sent twice. */
import { it } from "vitest";
import { playbooks } from "../../../shared/engine/registry.ts";
import { losesAndRepeatsNothing } from "./playbook-crash.ts";

/** The longest of them is in a file of its own, which runs beside this one. */
const others = [...playbooks.keys()].filter((id) => id !== "contain-compromised-identity");

it.each(others)("loses nothing and repeats nothing: %s", losesAndRepeatsNothing, 120_000);
