/** What a scan found: everything that is not plainly used. */
import { TerminalError } from "../../../domain/errors.ts";
import { JudgedIdentity } from "../../../domain/use.ts";
import type { Services } from "../../../ports/services.ts";
import { readScanState, verdictsOf } from "./scan-state.ts";

type Reading = Pick<Services, "policy" | "stores">;

/** Of the last whole one; empty before the first. */
export async function* judgedIdentities(services: Reading): AsyncGenerator<JudgedIdentity> {
  const last = (await readScanState(services))?.state.last ?? null;
  if (last !== null) yield* judgedIn(services, last.scanId);
}

/** Throws TerminalError `row-malformed` for a page that somebody edited. */
export async function* judgedIn({ policy, stores }: Reading, scanId: string): AsyncGenerator<JudgedIdentity> {
  for await (const page of stores.scans.pages(policy.tenantId, verdictsOf(scanId), "judged")) {
    const parsed = JudgedIdentity.array().safeParse(page);
    if (!parsed.success) {
      throw new TerminalError("a page of verdicts is not of its shape; ask for a new scan", {
        code: "row-malformed",
        cause: parsed.error,
      });
    }
    yield* parsed.data;
  }
}
