/** What became of a wish to start a playbook, by its id: it may lie under an object id that nobody had looked up then. */
import type { StartRequest } from "../../../domain/approval.ts";
import { TerminalError } from "../../../domain/errors.ts";
import { rowKey, type StartOutcome, StartRow } from "../../rows/rows.ts";
import type { TableServices } from "../find-plan.ts";
import { signedStart } from "./start-by-person.ts";

export interface KnownRequest {
  readonly id: string;
  readonly request: StartRequest;
  /** null: the writer has not looked yet */
  readonly outcome: StartOutcome | null;
}

/** Throws TerminalError when there is none, or when its row is not what we signed. */
export async function findRequest({ signer, stores }: TableServices, id: string): Promise<KnownRequest> {
  for await (const { row } of stores.identities.list(rowKey.start(id))) {
    const found = row.key === rowKey.start(id) ? StartRow.safeParse(row.value).data : undefined;
    if (found === undefined) continue;
    const request = await signedStart(signer, found);
    if (request !== "altered") return { id, request, outcome: found.outcome ?? null };
    const message = `the row of request ${id} was altered after it was signed: nobody follows it; ask again, and have somebody look at the tables`;
    throw new TerminalError(message, { code: "request-altered" });
  }
  throw new TerminalError(`there is no request ${id}`, { code: "no-such-request" });
}
