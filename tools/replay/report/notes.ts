/** What a replay cannot tell, and what was taken for granted: said every time, so that nobody reads more into it. */
import type { Replayed } from "./replayed.ts";

export function notesOf(replayed: Replayed): readonly string[] {
  return [...onMode(replayed), ...onTenant(replayed), ...onRecords(replayed), ...always];
}

const always: readonly string[] = [
  "Nothing was contained in this history: what an identity did after its containment is counted here, and would not have happened.",
  "Audit and risk records are taken as borne out, since the export is Entra's own copy; sign-ins and risks of agents are not.",
  "Kill switch, breaker, what people protected at run time and the permissions of the app's token are not known to a replay.",
  "containment-undone, unledgered-write and detection-silenced are not looked for: they hang on what the app itself did and on when logs came.",
];

function onMode({ policy, options }: Replayed): readonly string[] {
  if (policy.mode === options.policy.mode) return [];
  return [
    `The policy's mode is ${options.policy.mode}, and was read as ${policy.mode}: in the tenant the policy's own mode holds.`,
  ];
}

function onTenant({ tenant, options, policy, tally }: Replayed): readonly string[] {
  const notes: string[] = [];
  if (tenant.from === "first record")
    notes.push("The policy has the placeholder for the tenant: the first record's was taken.");
  if (tenant.from === "nowhere")
    notes.push("Neither the policy nor any record at the beginning of a file names a tenant.");
  if (options.servicePrincipals == null) {
    notes.push(
      `blastRadius.percent (${policy.blastRadius.percent} %) limits nothing here: give the number of enabled service principals that are not Microsoft's with --service-principals.`,
    );
  }
  if (policy.trustedLocations?.namedLocations === true)
    notes.push(
      "The tenant's named locations are not known: only ranges written in the policy were held against sign-ins.",
    );
  if (tally.byObjectId > 0) {
    notes.push(
      `${tally.byObjectId} identities are known by an object id alone; the tenant would say whose it is, and may join them with others.`,
    );
  }
  return notes;
}

const mostNamed = 5;

function onRecords({ counts, files, offline, policy }: Replayed): readonly string[] {
  const notes: string[] = [];
  const without = files.filter((name) => !counts.sources.has(name)).sort();
  if (without.length > 0) {
    const named = without.slice(0, mostNamed).join(", ");
    const more = without.length > mostNamed ? ` and ${without.length - mostNamed} more` : "";
    notes.push(`No record was found in ${named}${more}: empty, or no export that can be read (see --help).`);
  }
  if (counts.late > 0) {
    notes.push(
      `${counts.late} records came more than an hour behind newer ones of their file, and were taken at the newer ones' time, as late evidence: sort such files by time.`,
    );
  }
  const forgotten = offline.services.stores.forgottenBaselines();
  if (forgotten > 0) notes.push(`What was usual for ${forgotten} identities was forgotten for lack of room.`);
  notes.push(
    `What is new for an identity is remarkable only after ${policy.tuning.learningDays} days of its sign-ins in these files (tuning.learningDays).`,
  );
  return notes;
}
