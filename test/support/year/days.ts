/**
 * Day after day: at night the timers, in the morning whoever lives, at nine whoever decides, and the writer whenever something is due.
 * Scans run in two nights of a week, and what depends on whom is read every fourth week, so that the whole takes seconds.
 */
import type { RetirementState } from "../../../shared/domain/retirement.ts";
import { isWorking } from "../../../shared/domain/working-hours.ts";
import { purge } from "../../../shared/engine/run/sweep.ts";
import { refreshDependencies } from "../../../shared/engine/snapshot/refresh-dependencies.ts";
import { sendSummary } from "../../../shared/engine/unused/life/summary.ts";
import { settle } from "../harness.ts";
import { deliveryOf, newWorld } from "../harness-world.ts";
import { type Deed, deedsIn } from "./chronicle.ts";
import { type Engine, retirePolicy, startEngine } from "./engine.ts";
import { firstDay, lastDay } from "./life-class.ts";
import { approveAll, react } from "./people.ts";
import { beginNamed, runScan } from "./scan.ts";
import { dayMs, type Member, settleTown, startAt, type Town } from "./town.ts";
import { wholeOf } from "./whole.ts";

export interface Years {
  readonly town: Town;
  readonly engine: Engine;
  /** in the order in which each was in them */
  readonly states: ReadonlyMap<Member, readonly RetirementState[]>;
  readonly deeds: readonly Deed[];
  /** of whoever was disabled: what there was of it on the evening before */
  readonly before: ReadonlyMap<Member, Readonly<Record<string, unknown>>>;
}

const hourMs = 3_600_000;
/** Mondays and Wednesdays: in an app each night has its scan. */
const scanDays: ReadonlySet<number> = new Set([0, 2]);
/** A Tuesday: whoever is asked answers. */
const containedOn = 22;

export async function liveThrough(): Promise<Years> {
  const world = newWorld();
  world.clock.rewind(startAt + firstDay * dayMs);
  const town = await settleTown(world.clock);
  for (let day = firstDay; day < 0; day += 1) {
    world.clock.rewind(startAt + day * dayMs + 8 * hourMs);
    town.live(day);
  }
  town.takeRecords();
  world.clock.rewind(startAt);
  const engine = await startEngine(town, world);
  const states = new Map<Member, RetirementState[]>();
  const before = new Map<Member, Readonly<Record<string, unknown>>>();
  for (let day = 0; day <= lastDay; day += 1) {
    await liveDay(town, engine, day, states);
    for (const member of town.members) keepWhole(town, member, states.get(member), before);
  }
  return { town, engine, states, deeds: deedsIn(town), before };
}

/** While it is told, what it is has not been touched. */
function keepWhole(
  { twin }: Town,
  member: Member,
  states: readonly RetirementState[] = [],
  before: Map<Member, Readonly<Record<string, unknown>>>,
): void {
  if (states.at(-1) === "told") before.set(member, wholeOf(twin, member));
}

async function liveDay(town: Town, engine: Engine, day: number, states: Map<Member, RetirementState[]>): Promise<void> {
  const { world, process } = engine;
  const begins = startAt + day * dayMs;
  const until = (hours: number) => settle(world, process, begins + hours * hourMs);
  await until(3.5);
  if (day % 28 === 0) await refreshDependencies(process.services);
  if (scanDays.has(day % 7)) await runScan(engine);
  await purge(process.services);
  await until(8);
  await sendSummary(process.services);
  if (day === containedOn) attack(town);
  town.live(day);
  await deliver(town, engine);
  await until(9);
  if (scanDays.has(day % 7)) await beginNamed(engine);
  await decide(town, engine, states);
  await deliver(town, engine);
  await until(24);
}

async function deliver(town: Town, { world, process }: Engine): Promise<void> {
  const records = town.takeRecords();
  if (records.length > 0) await process.ingest([deliveryOf(world, records)]);
}

async function decide(town: Town, engine: Engine, states: Map<Member, RetirementState[]>): Promise<void> {
  // what a person approved runs at once, so that nobody of this town decides before a weekend
  if (isWorking(retirePolicy, engine.world.clock.now())) await approveAll(engine, town);
  for (const member of town.members) {
    const retirement = engine.retirementOf(member);
    if (retirement === null) continue;
    const known = states.get(member) ?? [];
    if (known.at(-1) !== retirement.state) states.set(member, [...known, retirement.state]);
    await react(engine, town, member, retirement);
  }
}

/** Microsoft finds the secret of the one among the leaked. */
function attack({ twin, members }: Town): void {
  const victim = members.find(({ of }) => of.name === "contained");
  const [password] = twin.state.application(victim?.appId ?? "")?.passwordCredentials ?? [];
  twin.raiseRisk({
    servicePrincipalId: victim?.servicePrincipalId ?? "",
    riskEventType: "leakedCredentials",
    riskLevel: "high",
    keyIds: password === undefined ? [] : [password.keyId],
  });
}
