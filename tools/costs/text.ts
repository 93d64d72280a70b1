/** The estimate as Markdown, and its place in a page. */
import { blocks, list, table } from "../catalog/markdown.ts";
import { tenants } from "./assumptions.ts";
import { billOf, privateNetworkCost } from "./bill.ts";
import { type Price, prices, sources } from "./prices.ts";
import { usageOf } from "./usage.ts";

const begin = "<!-- costs: written by npm run costs -->";
const end = "<!-- /costs -->";

/** The page with the estimate between its two marks. Throws if it has none. */
export function withCosts(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The page has no place for the costs: ${begin} … ${end}`);
  return `${page.slice(0, from)}${begin}\n${costsText()}\n${page.slice(to)}`;
}

function costsText(): string {
  return blocks(
    sizes(),
    month(),
    "What was reckoned with:",
    unitPrices(),
    list(Object.values(sources).map(sourceText)),
  );
}

function sizes(): string {
  const row = (what: string, of: (tenant: (typeof tenants)[number]) => string) => [what, ...tenants.map(of)];
  return table(
    ["a day", ...tenants.map(({ name }) => name)],
    [
      row("people", ({ people }) => count(people)),
      row("audit records", ({ auditRecords }) => count(auditRecords)),
      row("sign-ins of workloads", ({ workloadSignIns }) => count(workloadSignIns)),
      row("risk records", ({ riskRecords }) => count(riskRecords)),
      row("identities contained", ({ containments }) => count(containments)),
      row("throughput units, both namespaces", (tenant) => count(usageOf(tenant).throughputUnits)),
    ],
  );
}

function month(): string {
  const bills = tenants.map(billOf);
  const items = (bills[0] ?? []).map(({ what }, index) => [what, ...bills.map((bill) => money(bill[index]?.usd ?? 0))]);
  const totals = bills.map((bill) => bill.reduce((sum, { usd }) => sum + usd, 0));
  return table(
    ["US dollars a month", ...tenants.map(({ name }) => name)],
    [
      ...items,
      ["**together**", ...totals.map((total) => `**${money(total)}**`)],
      ["private endpoints besides", ...tenants.map((tenant) => money(privateNetworkCost(tenant)))],
    ],
  );
}

function unitPrices(): string {
  return table(["price", "US dollars", "for", "free each month", "source"], Object.values(prices).map(priceRow));
}

function priceRow({ what, usd, per, unit, free, source }: Price): readonly string[] {
  const amount = per === 1 ? `1 ${unit}` : `${count(per)} ${unit}`;
  return [what, usd.toFixed(6).replace(/0+$/, ""), amount, free === 0 ? "" : count(free), source];
}

function sourceText({ title, url, date }: (typeof sources)[keyof typeof sources], index: number): string {
  return `${Object.keys(sources)[index]}: [${title}](${url}), ${date}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function money(usd: number): string {
  return usd > 0 && usd < 0.01 ? "under 0.01" : usd.toFixed(2);
}
