/** Queries are Kusto, about tables that Azure has and names that our code really writes; alerts and workbook use all of them. */
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { attributes, logEvents, metrics, spans } from "../../shared/ports/signals.ts";
import { type Fields, readTemplates, type Template } from "../support/bicep.ts";
import { createChecker } from "./kusto.ts";

const folder = "infra/queries";
const files = readdirSync(folder).sort();
const queries = new Map(files.map((file) => [file, readFileSync(`${folder}/${file}`, "utf8")]));

function sourcesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(`${folder}/${path}`, "utf8"))
    .join("\n");
}

const foreign = "foreign-table-write";

/** All but the list itself. */
const source =
  sourcesIn("shared").replace(readFileSync("shared/ports/signals.ts", "utf8"), "") + sourcesIn("functions");

/** What stands between quotes in a query; comments and patterns apart. */
function literalsIn(query: string): readonly string[] {
  const code = query.replace(/^\/\/.*$/gm, "").replaceAll(/@"[^"]*"/g, "");
  return [...code.matchAll(/"([^"]*)"/g)].map(([, text]) => text ?? "");
}

describe("a query", () => {
  let check: (query: string) => readonly string[];
  beforeAll(() => {
    check = createChecker();
  });

  it("is judged by a parser that sees a typing error, and a column that is not there", () => {
    expect(check("AppTraces | were Message == 1")).not.toEqual([]);
    expect(check("AppTraces | where Mesage == '1'")).not.toEqual([]);
    expect(check("Apptraces | count")).not.toEqual([]);
    expect(check("AppTraces | where Message == '1'")).toEqual([]);
  });

  it.each(files)("%s parses, reads tables that are there, and says what it is for", (file) => {
    const query = queries.get(file) ?? "";
    expect(check(query)).toEqual([]);
    expect(query).toMatch(/^\/\/ \S/);
  });

  const ofOurLines = files.filter((file) => /^App(Traces|Requests)$/m.test(queries.get(file) ?? ""));

  it.each(ofOurLines)("%s looks for what the code writes", (file) => {
    const functions = [...readFileSync("functions/main.ts", "utf8").matchAll(/"([a-z-]+)"/g)].map(([, name]) => name);
    const categories = [...readFileSync("shared/domain/event-facts.ts", "utf8").matchAll(/"(\w+)"/g)].map(
      ([, name]) => name,
    );
    const known = new Set([attributes, metrics, spans, logEvents].flatMap((names) => Object.keys(names)));
    const strange = literalsIn(queries.get(file) ?? "").filter(
      (text) => !known.has(text) && !functions.includes(text) && !categories.includes(text) && text !== "503",
    );
    expect(strange).toEqual([]);
  });

  it.each(ofOurLines)("%s reads fields that our lines have", (file) => {
    const fields = [...(queries.get(file) ?? "").matchAll(/fields\.(\w+)/g)].map(([, name]) => name ?? "");
    expect(fields).not.toEqual([]);
    for (const field of new Set(fields)) expect(source, field).toMatch(new RegExp(`\\b${field}\\b[,:} ]`));
  });
});

describe("what is listed", () => {
  it("is written by the code, all of it", () => {
    for (const name of [...Object.keys(logEvents), ...Object.keys(metrics), ...Object.keys(spans)]) {
      expect(source, name).toContain(`"${name}"`);
    }
  });
});

describe("alerts and workbook", () => {
  let templates: ReadonlyMap<string, Template>;
  beforeAll(async () => {
    templates = await readTemplates("infra");
  });

  const loadedBy = (file: string) =>
    [...(templates.get(file)?.root.text ?? "").matchAll(/loadTextContent\('..\/queries\/([^']+)'\)/g)].map(
      ([, name]) => name ?? "",
    );

  it("use every query, and none that is not there", () => {
    const used = [...loadedBy("modules/alerts.bicep"), ...loadedBy("modules/workbook.bicep")];
    expect([...new Set(used)].sort()).toEqual(files);
  });

  it("each alert has the query of its name", () => {
    const rules = templates.get("modules/alerts.bicep")?.variables.rules as readonly Fields[];
    expect(rules.map(({ name }) => name).toSorted()).toEqual([
      "dead-letters",
      "foreign-table-write",
      "health-failing",
      "silent-categories",
      "stuck-plans",
      "unledgered-write",
      "writer-not-running",
    ]);
    for (const { name, query } of rules.filter((one) => one.name !== foreign)) {
      expect(query).toEqual({ "=": `loadTextContent('../queries/${name}.kql')` });
    }
  });

  it("the one on foreign writes knows our identity and account, which log what changes", () => {
    const alerts = templates.get("modules/alerts.bicep")?.variables.rules as readonly Fields[];
    const text = `loadTextContent('../queries/${foreign}.kql')`;
    expect(alerts.find(({ name }) => name === foreign)?.query).toEqual({
      "=": `replace(replace(${text}, 'STATE_ACCOUNT', stateStorageName), 'OUR_OBJECT_ID', identityObjectId)`,
    });
    for (const placeholder of ["STATE_ACCOUNT", "OUR_OBJECT_ID"]) {
      expect(literalsIn(queries.get(`${foreign}.kql`) ?? "")).toContain(placeholder);
    }
    const modules = templates.get("main.bicep")?.modules ?? [];
    const params = (symbol: string) => modules.find((one) => one.symbol === symbol)?.params;
    expect(params("alerts")).toMatchObject({
      stateStorageName: { "=": "stateStorage.outputs.name" },
      identityObjectId: { "=": "identity.outputs.principalId" },
    });
    expect(params("stateStorage")).toMatchObject({
      workspaceId: { "=": "stateLog ? monitoring.outputs.workspaceId : ''" },
    });
    const storage = templates.get("modules/storage.bicep")?.resources ?? [];
    const log = storage.find(({ type }) => type === "Microsoft.Insights/diagnosticSettings");
    expect(log?.body).toMatchObject({
      scope: { "=": "tables" },
      properties: {
        logs: ["StorageWrite", "StorageDelete"].map((category) => ({ category, enabled: true })),
      },
    });
  });

  it("the workbook shows each of its queries under its name", () => {
    const { items } = JSON.parse(readFileSync("infra/workbook.json", "utf8"));
    const shown = items.filter(({ type }: { type: number }) => type === 3).map(({ name }: { name: string }) => name);
    const own = templates.get("modules/workbook.bicep")?.variables.queries as Fields;
    expect(shown.toSorted()).toEqual(Object.keys(own).toSorted());
    for (const [name, query] of Object.entries(own))
      expect(query).toEqual({ "=": `loadTextContent('../queries/${name}.kql')` });
  });

  it("watch the silence of hubs that are there", () => {
    const busy = templates.get("modules/alerts.bicep")?.parameters.busyHubs as readonly string[];
    const hubs = templates.get("main.bicep")?.variables.entraHubs as readonly Fields[];
    for (const hub of busy) expect(hubs.map(({ name }) => name)).toContain(hub);
  });
});
