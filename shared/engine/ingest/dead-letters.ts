/** Keeps what could not be read, reduced: a hash, a size, the first bytes and where it lies in the hub. */
import { createHash } from "node:crypto";
import type { DeadLetter, Origin, StoredDeadLetter } from "../../domain/dead-letter.ts";
import { hashId } from "../../domain/ids.ts";
import { isoAt } from "../../ports/clock.ts";
import type { Services } from "../../ports/services.ts";
import type { LogEvent } from "../../ports/signals.ts";

const firstCharacters = 200;

/** Text as it came; of anything already parsed only the scalar members of its top are shown: no recursion, no JSON.stringify. */
function excerpt(body: unknown): string {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array)
    return Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 800)).toString();
  if (typeof body !== "object" || body === null) return String(body);
  const scalars = Object.entries(body)
    .slice(0, 12)
    .map(
      ([name, value]) => `${name}: ${typeof value === "object" && value !== null ? "…" : String(value).slice(0, 40)}`,
    );
  return `{${scalars.join(", ")}}`;
}

/** A record has some thousand members at most. */
const mostMembers = 200_000;

interface Digest {
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
}

/** The same for the same record, however often its hub hands it out. Of nothing there is none. */
export function digestOf(body: unknown): Digest {
  if (body === null || body === undefined) return { sha256: null, sizeBytes: null };
  if (typeof body !== "string" && !(body instanceof Uint8Array)) return { sha256: walked(body), sizeBytes: null };
  const sizeBytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  return { sha256: createHash("sha256").update(body).digest("hex"), sizeBytes };
}

/** Without recursion, since whoever sends may nest as deep as they like. Null: more than anybody's record. */
function walked(body: unknown): string | null {
  const sum = createHash("sha256");
  const waiting: unknown[] = [body];
  for (let members = 0; waiting.length > 0; members++) {
    if (members + waiting.length > mostMembers) return null;
    const value = waiting.pop();
    const inside = insideOf(value);
    if (inside === null) {
      const text = String(value);
      sum.update(`${typeof value}${text.length}:${text};`);
      continue;
    }
    sum.update(`${Array.isArray(value) ? "[" : "{"}${inside.length};`);
    for (const one of inside.toReversed()) waiting.push(one);
  }
  return sum.digest("hex");
}

/** Elements, or names and values in turn; null: there is nothing inside. */
function insideOf(value: unknown): readonly unknown[] | null {
  if (typeof value !== "object" || value === null) return null;
  return Array.isArray(value) ? value : Object.entries(value).flat(1);
}

/** The id is of the place in the hub and the reason, so that a redelivered record is one dead letter. */
export async function keepDeadLetter(
  services: Services,
  letter: Omit<DeadLetter, "origin">,
  origin: Origin,
  body: unknown,
): Promise<void> {
  const place = [origin.hub, origin.partition, String(origin.sequenceNumber), String(origin.index)];
  const stored: StoredDeadLetter = {
    ...letter,
    origin,
    id: hashId(letter.reason, ...place),
    tenantId: services.policy.tenantId,
    ...digestOf(body),
    firstBytes: excerpt(body)
      .slice(0, firstCharacters)
      .replaceAll(/\p{Cc}/gu, "·"),
    at: isoAt(services.clock.now()),
  };
  await services.stores.deadLetters.put(stored);
  services.telemetry.add("tourniquet.dead_letters", 1, { "tourniquet.reason": letter.reason });
  services.logger.warn("A record became a dead letter", {
    event: "dead-letter.kept" satisfies LogEvent,
    reason: letter.reason,
    detail: letter.detail,
    category: letter.category,
    recordId: letter.recordId,
    hub: origin.hub,
    partition: origin.partition,
    sequenceNumber: origin.sequenceNumber,
  });
}
