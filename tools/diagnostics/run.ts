/** A command line of `diagnostics`, from its words to its exit code. */
import { parseArgs } from "node:util";
import { TerminalError } from "../../shared/domain/errors.ts";
import { connectAzure, type Surroundings } from "../tenant/connect.ts";
import { runTool } from "../tenant/run-tool.ts";
import { make, type Target } from "./change.ts";
import { type Compared, compare, isAsWanted, isSame } from "./compare.ts";
import { readSettings, type Setting } from "./resource.ts";
import { ourSettings, signInsName } from "./settings.ts";
import { settingsAtMost, showCategories, showChange, showOthers, showRefusal } from "./show.ts";

const usage = `npm run diagnostics [-- --rule AUTHORIZATION_RULE_ID] [--without-sign-ins] [--what-if]
  Lets Entra send the logs that are read to the hubs, and says which licence each takes; touches no setting but ours.
  --rule ID             resource id of the rule by which Entra sends; or TOURNIQUET_ENTRA_RULE, as the deployment puts it out
  --without-sign-ins    makes no setting for sign-ins, which are most of the volume; one that is there stays
  --what-if             changes nothing
  --arm-url URL         another cloud's Azure Resource Manager; or TOURNIQUET_ARM_URL
Signs in as \`az login\` has it, or with the token in TOURNIQUET_ARM_TOKEN.
Ends with 0: all is sent as it shall be; 1: something is missing or was refused; 3: nothing is missing, but sign-ins are sent
that were not asked for; 2: wrong use, not signed in, refused altogether, or not reachable.`;

const options = {
  rule: { type: "string" },
  "without-sign-ins": { type: "boolean", default: false },
  "what-if": { type: "boolean", default: false },
  "arm-url": { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** Answers the exit code; never throws. */
export function run(args: readonly string[], around: Surroundings): Promise<number> {
  return runTool(usage, around, async () => {
    const { values } = parseArgs({ args: [...args], options });
    if (!values.help) return diagnostics(values, around);
    around.out(usage);
    return 0;
  });
}

async function diagnostics(values: Values, { environment, out }: Surroundings): Promise<number> {
  // The rule says which tenant is meant: nobody sends to a rule of another one.
  const rule = ruleOf(values.rule ?? environment.TOURNIQUET_ENTRA_RULE);
  const azure = connectAzure(values["arm-url"], environment);
  const settings = await readSettings(azure);
  const wanted = ourSettings.filter(({ name }) => !(values["without-sign-ins"] && name === signInsName));
  const compared = wanted.map((one) => compare(one, settings, rule));
  out(`Entra sends by ${rule}`);
  out(showCategories(compared));
  out(showOthers(settings.filter(isOfOthers)));
  const unwanted = settings.filter(({ name }) => values["without-sign-ins"] && isSame(name, signInsName));
  for (const { name } of unwanted)
    out(
      `${name} is there, though not asked for: a Security Administrator removes it under Entra's diagnostic settings.`,
    );
  const changed = compared.filter((one) => !isAsWanted(one));
  const whole = values["what-if"]
    ? whatIf(changed, settings, out)
    : await change({ azure, rule }, changed, settings.length, out);
  if (!whole) return 1;
  return unwanted.length > 0 ? 3 : 0;
}

/** True where nothing is missing. */
function whatIf(changed: readonly Compared[], settings: readonly Setting[], out: (line: string) => void): boolean {
  for (const one of changed) out(showChange(one, "would be"));
  const missing = settings.length + changed.filter(({ exists }) => !exists).length - settingsAtMost;
  if (missing > 0) out(`There is no room for ${missing} of them: a tenant has ${settingsAtMost} settings at most.`);
  out("Nothing was changed.");
  return changed.length === 0;
}

async function change(
  target: Target,
  changed: readonly Compared[],
  settings: number,
  out: (line: string) => void,
): Promise<boolean> {
  let count = settings;
  let isWhole = true;
  let isChanged = false;
  for (const one of changed) {
    out(showChange(one, "will be"));
    const isRoomLeft = one.exists || count < settingsAtMost;
    const { sent, refusals } = await make(target, one, isRoomLeft);
    if (sent.length > 0) out(`sent now: ${sent.join(", ")}`);
    for (const refusal of refusals) out(showRefusal(refusal, isRoomLeft));
    if (sent.length > 0 && !one.exists) count += 1;
    isWhole &&= refusals.length === 0;
    isChanged ||= sent.length > 0;
  }
  out(
    isChanged
      ? "The first record comes about a quarter of an hour later, at the latest within a day."
      : "Nothing was changed.",
  );
  return isWhole;
}

function isOfOthers({ name }: Setting): boolean {
  return !ourSettings.some((ours) => isSame(name, ours.name));
}

function ruleOf(text: string | undefined): string {
  const pattern =
    /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.EventHub\/namespaces\/[^/\s]+\/authorizationRules\/[^/\s]+$/i;
  if (text && pattern.test(text)) return text;
  const message = `--rule ${text ? JSON.stringify(text) : "is missing"}: write the resource id of the namespace's rule, /subscriptions/…/providers/Microsoft.EventHub/namespaces/…/authorizationRules/entra-diagnostics, or set TOURNIQUET_ENTRA_RULE (\`azd env get-values\` has it)`;
  throw new TerminalError(message, { code: "usage" });
}
