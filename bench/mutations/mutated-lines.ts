/** Mutated records as lines of JSON: of many identities, on many days, each with an id of its own. The same seed makes the same bytes. */
import { mutated } from "./mutate.ts";
import { createRandom } from "./random.ts";
import { seedRecords } from "./seed-records.ts";
import { appId, application, principal } from "./seed-shapes.ts";

const identities = 20_000;
const start = Date.parse("2026-01-01T00:00:00Z");
const apartMs = 500;

export function* mutatedLines(count: number, seed = 1): Iterable<string> {
  const random = createRandom(seed);
  const seeds = seedRecords();
  for (let i = 0; i < count; i++) {
    const record = seeds[random.below(seeds.length)] ?? {};
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
