/**
 * Mutated records as lines of JSON: mostly an ordinary day's, some of attacks, of many identities, each with an id of its own. The same
 * seed makes the same bytes.
 */
import { irrelevantRecords } from "../irrelevant-records.ts";
import { mutated } from "./mutate.ts";
import { createRandom } from "./random.ts";
import { seedRecords } from "./seed-records.ts";
import { appId, application, principal } from "./seed-shapes.ts";

const identities = 20_000;
const workloads = 600;
/** One record in so many is of an attack: each of them has an incident, and plans that are decided. */
const attackEvery = 20;
const start = Date.parse("2026-01-01T00:00:00Z");
const apartMs = 500;

export function* mutatedLines(count: number, seed = 1): Iterable<string> {
  const random = createRandom(seed);
  const [attacks, usual] = [seedRecords(), irrelevantRecords(workloads)];
  for (let i = 0; i < count; i++) {
    const from = random.below(attackEvery) === 0 ? attacks : usual;
    const record = from[random.below(from.length)] ?? {};
    yield `${ofOthers(JSON.stringify(mutated(record, random)), random.below(identities), i)}\n`;
  }
}

/** Also in what was bent, as far as it still reads so. */
function ofOthers(json: string, identity: number, i: number): string {
  const digits = identity.toString(16).padStart(8, "0");
  const hour = new Date(start + i * apartMs).toISOString().slice(0, "2026-03-02T09".length);
  return json
    .replaceAll(principal.slice(0, 8), digits)
    .replaceAll(application.slice(0, 8), digits)
    .replaceAll(appId.slice(0, 8), digits)
    .replaceAll("_6X649_", `_${i}_`)
    .replaceAll("36658c78", i.toString(16).padStart(8, "0"))
    .replaceAll("2856d6e8", i.toString(16).padStart(8, "0"))
    .replaceAll("2026-03-02T09", hour);
}
