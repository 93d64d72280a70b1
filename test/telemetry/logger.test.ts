import fc from "fast-check";
import { expect, test } from "vitest";
import { createLogger } from "../../shared/telemetry/logger.ts";

function newSink() {
  const lines: string[] = [];
  const keep =
    (level: string) =>
    (...args: unknown[]) =>
      void lines.push(`${level}: ${args.map(String).join(" ")}`);
  return { lines, debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") };
}

test("a line is the sentence, then the base fields and its own as JSON", () => {
  const sink = newSink();
  const logger = createLogger(sink, { function: "run-plan", attempt: 1 });
  logger.warn("The step was deferred.", { attempt: 2, planId: "p", none: null, absent: undefined });
  createLogger(sink).debug("Nothing to do.");
  expect(sink.lines).toEqual([
    'warn: The step was deferred. {"function":"run-plan","attempt":2,"planId":"p","none":null}',
    "debug: Nothing to do.",
  ]);
});

test("whatever the texts hold, an event is one line that can be read back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (message, text) => {
      const sink = newSink();
      createLogger(sink).info(`A${message}`, { text });
      expect(sink.lines[0]).not.toMatch(/[\r\n]/);
    }),
  );
});

const chars = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"];
const run = (length: number) =>
  fc.array(fc.constantFrom(...chars), { minLength: length, maxLength: length }).map((all) => all.join(""));

const secret = fc.oneof(
  fc
    .tuple(run(40), run(43))
    .map(([body, signature]) => ({ core: signature, text: `eyJhbGciOiJ9.eyJ${body}.${signature}` })),
  run(30).map((core) => ({ core, text: `Bearer ${core}` })),
  run(34).map((core) => ({ core, text: `x~18Q~${core}` })),
  run(43).map((core) => ({ core, text: `Endpoint=sb://n/;SharedAccessKeyName=k;SharedAccessKey=${core}=` })),
  run(60).map((core) => ({ core, text: `AccountName=a;AccountKey=${core}==;EndpointSuffix=x` })),
  run(43).map((core) => ({ core, text: `https://a.table.core.windows.net/t?sv=1&sig=${core}%3D&se=2` })),
  run(64).map((core) => ({ core, text: `-----BEGIN PRIVATE KEY-----\n${core}\n-----END PRIVATE KEY-----` })),
  run(37).map((core) => ({ core: `aB3${core}`, text: `aB3${core}` })),
);

test("a secret placed in the message or in any field never comes out", () => {
  const around = fc.constantFrom("", " ", ": ", '"', "\n");
  fc.assert(
    fc.property(secret, around, around, fc.constantFrom("detail", "a.b", "url"), (one, before, after, name) => {
      const sink = newSink();
      const logger = createLogger(sink, { base: `${before}${one.text}${after}` });
      logger.error(`Failed: ${one.text}`, { [name]: `${before}${one.text}${after}`, [one.text]: 1 });
      expect(sink.lines.join()).not.toContain(one.core);
    }),
    { numRuns: 500 },
  );
});

test("a text under the name of a secret goes whole, while ids, hashes and counts stay", () => {
  const sink = newSink();
  const fields = {
    keyId: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    identity: "3f2504e0-4f89-41d3-9a0c-0305e82c3301|sp:3f2504e0-4f89-41d3-9a0c-0305e82c3302",
    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    thumbprint: "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B",
    planId: "Zk3vQd0pXy7L1mN8rT2uWa",
    passwords: 2,
  };
  createLogger(sink).info("Kept.", fields);
  createLogger(sink).info("Dropped.", { clientSecret: "hunter2", Authorization: "x" });
  expect(sink.lines[0]).toBe(`info: Kept. ${JSON.stringify(fields)}`);
  expect(sink.lines[1]).toBe('info: Dropped. {"clientSecret":"[removed]","Authorization":"[removed]"}');
});
