/** Gives back what cut-off-tourniquet took, by the file it wrote, and nothing else. */
import { TerminalError } from "../../shared/domain/errors.ts";
import { type CutOffRecord, readRecord } from "../cut-off/record.ts";
import { refused } from "../tenant/ask.ts";
import { consentTakes, give, isThereAlready, readHeld } from "../tenant/assignments.ts";
import { connectGraph, type Surroundings } from "../tenant/connect.ts";
import { findManagedIdentity, identityIdOf, type ManagedIdentity } from "../tenant/managed-identity.ts";
import { printable } from "../text/printable.ts";
import type { GrantValues } from "./options.ts";
import { showIdentity } from "./show.ts";

export async function restore(path: string, values: GrantValues, { environment, out }: Surroundings): Promise<number> {
  if (values.prune || values.policy !== undefined)
    throw new TerminalError("--restore gives back what a file says: leave out --policy and --prune", { code: "usage" });
  const record = readRecord(path);
  const id = identityIdOf(values.identity);
  const { tenant, whoIsSignedIn } = connectGraph(values["graph-url"], environment);
  const { tenantId } = await whoIsSignedIn();
  const identity = await findManagedIdentity(tenant, tenantId, id);
  refuseAnothers(record, identity, tenantId);
  const held = await readHeld(tenant, identity);
  const missing = record.assignments.filter(
    (was) => !held.some((one) => one.resourceId === was.resourceId && one.appRoleId === was.appRoleId),
  );
  out(showIdentity(identity, tenantId));
  out(`${record.assignments.length} app roles were taken at ${record.at}; ${missing.length} of them are missing.`);
  for (const was of missing) {
    const name = printable(was.permission ?? `app role ${was.appRoleId} of ${was.resourceId}`);
    if (values["what-if"]) {
      out(`would be given: ${name}`);
      continue;
    }
    const answer = await give(tenant, identity, was);
    if (!answer.ok && !isThereAlready(answer)) throw refused(answer, `giving ${name}`, consentTakes);
    out(`given: ${name}`);
  }
  if (values["what-if"]) out("Nothing was changed.");
  return values["what-if"] && missing.length > 0 ? 1 : 0;
}

function refuseAnothers(record: CutOffRecord, identity: ManagedIdentity, tenantId: string): void {
  if (record.identity.id === identity.id && record.tenantId === tenantId) return;
  const message = `the file is of identity ${record.identity.id} in tenant ${record.tenantId}, not of ${identity.id} in ${tenantId}: nothing was given`;
  throw new TerminalError(message, { code: "another-identity" });
}
