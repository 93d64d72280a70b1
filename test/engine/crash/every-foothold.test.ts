/** A crash behind every call that changes something, while every foothold of an identity is removed. */
import { it } from "vitest";
import { losesAndRepeatsNothing } from "./playbook-crash.ts";

it("loses nothing and repeats nothing", () => losesAndRepeatsNothing("contain-compromised-identity"), 120_000);
