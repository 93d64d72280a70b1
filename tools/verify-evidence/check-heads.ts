/** Heads as they were published to the `outcomes` hub, where nobody who edits our tables can take them back. */
import { z } from "zod";
import { TerminalError } from "../../shared/domain/errors.ts";
import type { EvidencePack } from "../../shared/domain/evidence-pack.ts";
import { SealedHead } from "../../shared/domain/ledger.ts";
import { sealedText } from "../../shared/engine/rows/seal-heads.ts";
import { beyondOrOther, entryOf } from "./check-content.ts";
import { holdsFor, type Keys } from "./keys.ts";
import { type Check, fails, notes, passes } from "./verdict.ts";

/** The parts of our OCSF events that carry a head. */
const Published = z.object({
  metadata: z.object({ event_code: z.literal("ledger.sealed"), tenant_uid: z.string() }),
  unmapped: z.object({ data: SealedHead }),
});

/** `ndjson`: one OCSF event a line, of whatever kind. Throws TerminalError `bad-heads` naming the line that is not JSON. */
export function checkHeads({ ledger, manifest }: EvidencePack, keys: Keys, ndjson: string): Check {
  const { tenantId, ledger: chain } = manifest;
  const heads = headsIn(ndjson, tenantId, chain.chain);
  if (heads.length === 0) {
    return notes(
      "heads",
      "no head of this ledger is among the events, so they do not show whether its end was cut off",
    );
  }
  for (const { head, line } of heads) {
    if (!holdsFor(keys, sealedText(tenantId, head), head.signature)) {
      return fails("heads", `line ${line}`, `the head at entry ${head.seq} is not signed by a key of the pack`);
    }
    const why = beyondOrOther(ledger, head);
    if (why !== null) return fails("heads", entryOf(ledger, head.seq), `${why} (line ${line})`);
  }
  const last = Math.max(...heads.map(({ head }) => head.seq));
  return passes(
    "heads",
    `${heads.length} published, the last at entry ${last} of ${ledger.length}: each is in the ledger`,
  );
}

function headsIn(ndjson: string, tenantId: string, chain: string) {
  return ndjson.split("\n").flatMap((text, at) => {
    if (text.trim() === "") return [];
    const event = Published.safeParse(parse(text, at + 1)).data;
    if (event === undefined || event.metadata.tenant_uid !== tenantId) return [];
    const head = event.unmapped.data;
    return head.chain === chain ? [{ head, line: at + 1 }] : [];
  });
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `--heads: line ${line} is not JSON; give one event of the outcomes hub a line`;
    throw new TerminalError(message, { code: "bad-heads", cause });
  }
}
