/** An attack, told by its telemetry. */
import { context, metrics, trace } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import { isoAt } from "../../shared/ports/clock.ts";
import type { LogFields } from "../../shared/ports/logger.ts";
import { attributes, metrics as metricSignals, spans as spanSignals } from "../../shared/ports/signals.ts";
import type { Telemetry } from "../../shared/ports/telemetry.ts";
import { createTelemetry } from "../../shared/telemetry/api-telemetry.ts";
import { startLogExporter } from "../../shared/telemetry/log-exporter.ts";
import { endState } from "../support/end-state.ts";
import { Harness, leaked } from "../support/harness.ts";
import { listen, nobodyListens } from "./listen.ts";

async function toldTo(telemetry: Telemetry): Promise<Harness> {
  const harness = await Harness.start();
  harness.world.telemetry = telemetry;
  const fresh = new Harness(harness.world);
  await leaked(fresh);
  await fresh.run(10 * 60_000);
  return fresh;
}

describe("a leaked secret", () => {
  it("is one trace from the record to the request, over both processes, with every id", async () => {
    const { telemetry, spans } = listen(Date.now);
    const harness = await toldTo(telemetry);
    const { planId } = await harness.plan();
    const [created] = harness.events("finding.created");
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
    const one = (name: string) => {
      const found = spans().find(({ span }) => span === name);
      expect(found, name).toBeDefined();
      return found as LogFields;
    };
    const [record, finding, plan, stage, step, request] = Object.keys(spanSignals).map(one);
    expect(finding?.parentId).toBe(record?.spanId);
    expect(plan?.parentId).toBe(finding?.spanId);
    expect(request?.parentId).toBe(step?.spanId);
    expect(
      spans()
        .filter((span) => span.span === "tourniquet.stage")
        .map(({ spanId }) => spanId),
    ).toContain(step?.parentId);
    expect(stage?.parentId).toBe(record?.parentId);
    expect(record?.["tourniquet.incident.id"]).toBe(created?.incidentId);
    for (const span of [plan, stage, step]) expect(span?.["tourniquet.plan.id"]).toBe(planId);
    expect(request).toMatchObject({
      "http.request.method": "PATCH",
      "url.template": "/servicePrincipals/{}",
      "http.response.status_code": 204,
    });
  });

  it("tells once how long it took to contain, from the activity until the disable was answered", async () => {
    const { telemetry, points, spans } = listen(Date.now);
    const harness = await toldTo(telemetry);
    const [disable] = harness.tenant.writes;
    const [created] = harness.events("finding.created");
    const activityAt = Date.parse(String(created?.data.activityAt));
    const [contained, ...more] = points("tourniquet.time_to_contain");
    expect(more).toEqual([]);
    expect(contained).toMatchObject({ count: 1, "tourniquet.decided_by": "rule" });
    const took = spans().flatMap((span) => span["tourniquet.contain.seconds"] ?? []);
    expect(took).toEqual([contained?.sum]);
    expect(isoAt(activityAt + Number(contained?.sum) * 1000)).toBe(isoAt(disable?.at ?? 0));
  });

  it("counts what came, what was found, what was done and what was told", async () => {
    const { telemetry, points } = listen(Date.now);
    const harness = await toldTo(telemetry);
    const value = (name: string) => points(name).reduce((sum, point) => sum + Number(point.value), 0);
    expect(value("tourniquet.records")).toBe(1);
    expect(value("tourniquet.findings")).toBe(1);
    const told = harness.world.published.filter(({ event }) => event !== "ledger.sealed");
    expect(value("tourniquet.notices")).toBe(told.length);
    expect(points("tourniquet.steps")).toContainEqual(
      expect.objectContaining({ "tourniquet.action": "disable-service-principal", "tourniquet.outcome": "applied" }),
    );
    await harness.deliver("{ nonsense");
    expect(value("tourniquet.dead_letters")).toBe(1);
  });

  it("names nothing that is not listed, and nobody", async () => {
    const { telemetry, points, spans } = listen(Date.now);
    await toldTo(telemetry);
    const said = [...spans(), ...Object.keys(metricSignals).flatMap(points)];
    const own = new Set(["event", "span", "traceId", "spanId", "parentId", "startedAt", "durationMs", "failed"]);
    for (const name of ["metric", "value", "count", "sum", "min", "max"]) own.add(name);
    for (const line of said) {
      const { span, metric } = line;
      const signal = { ...spanSignals, ...metricSignals }[String(span ?? metric) as keyof typeof spanSignals];
      const names = Object.keys(line).filter((name) => !own.has(name));
      expect(names.filter((name) => !(signal.attributes as readonly string[]).includes(name))).toEqual([]);
      expect(names.filter((name) => !(name in attributes))).toEqual([]);
    }
    expect(JSON.stringify(said)).not.toMatch(/displayName|Payroll|@|secret|Bearer/i);
  });
});

describe("whoever listens", () => {
  it("changes nothing by breaking, wherever it breaks", async () => {
    const quiet = await toldTo(createTelemetry());
    nobodyListens();
    onTestFinished(nobodyListens);
    const breaks = () => {
      throw new Error("broken");
    };
    const isLeft = (name: string | symbol) => name === "disable"; // else nobody could clean up after it
    const broken = new Proxy({}, { get: (_, name) => (isLeft(name) ? () => undefined : breaks) }) as never;
    trace.setGlobalTracerProvider({ getTracer: () => broken });
    context.setGlobalContextManager(broken);
    metrics.setGlobalMeterProvider({ getMeter: () => broken });
    const told = await toldTo(createTelemetry());
    expect(await endState(told.world)).toEqual(await endState(quiet.world));
    expect(told.lines()).toEqual(quiet.lines());
  });

  it("is told of work that throws, which throws all the same and was done once", async () => {
    const { telemetry, spans } = listen(Date.now);
    let times = 0;
    const work = async () => {
      times += 1;
      throw new Error("no luck");
    };
    const facts = { incidentId: "one", attributes: {} };
    await expect(telemetry.span("tourniquet.stage", facts, work)).rejects.toThrow("no luck");
    expect(times).toBe(1);
    expect(spans()).toMatchObject([{ failed: true }]);
  });

  it("hears of no span outside of an incident", async () => {
    const { telemetry, spans } = listen(Date.now);
    expect(await telemetry.span("tourniquet.request", { attributes: {} }, async () => 7)).toBe(7);
    expect(spans()).toEqual([]);
  });
});

it("an SDK that was there first keeps everything, and our lines stay away", async () => {
  nobodyListens();
  onTestFinished(nobodyListens);
  const begun: string[] = [];
  const theirs = {
    startSpan(name: string) {
      begun.push(name);
      return trace.wrapSpanContext({ traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1 });
    },
    startActiveSpan: () => undefined as never,
  };
  trace.setGlobalTracerProvider({ getTracer: () => theirs });
  const lines: string[] = [];
  const line = (message: string) => void lines.push(message);
  startLogExporter({ debug: line, info: line, warn: line, error: line }, Date.now);
  const telemetry = createTelemetry();
  await telemetry.span("tourniquet.stage", { incidentId: "one", attributes: {} }, async () => undefined);
  expect(begun).toEqual(["tourniquet.stage"]);
  expect(lines).toEqual([]);
});
