/** Decides on the raw category and activity whether a record is worth reading at all: most are not, so this must be cheap. */
import { LogCategory } from "../domain/event.ts";
import { activityKind, isReadProperty } from "./audit-activities.ts";
import { type Fields, field, objectsIn, propertiesOf } from "./fields.ts";
import { foldOperation } from "./operation.ts";

export type Relevance =
  | { readonly verdict: "read"; readonly category: LogCategory; readonly operation: string }
  | { readonly verdict: "ignore"; readonly reason: string }
  | { readonly verdict: "unreadable"; readonly detail: string };

const foldedCategories = new Map(LogCategory.options.map((category) => [category.toLowerCase(), category]));
const unreadCategory: Relevance = { verdict: "ignore", reason: "category-not-read" };
const unreadActivity: Relevance = { verdict: "ignore", reason: "activity-not-read" };
const noCredentialChange: Relevance = { verdict: "ignore", reason: "no-credential-change" };

/** Looks at the category and the activity; no schema is involved. */
export function relevance(record: Fields): Relevance {
  const raw = field(record, "category");
  if (typeof raw !== "string") {
    return {
      verdict: "unreadable",
      detail: "The record names no category, so no diagnostic setting of Entra wrote it.",
    };
  }
  const category =
    foldedCategories.get(raw.toLowerCase()) ?? foldedCategories.get(raw.slice(0, 64).trim().toLowerCase());
  switch (category) {
    case undefined:
      return unreadCategory;
    case "AuditLogs":
      return auditRelevance(record);
    default:
      return { verdict: "read", category, operation: "" };
  }
}

function auditRelevance(record: Fields): Relevance {
  const named = field(record, "operationName");
  const operation = foldOperation(
    typeof named === "string" ? named : field(propertiesOf(record), "activityDisplayName"),
  );
  const kind = activityKind(operation);
  if (kind === "other") return unreadActivity;
  if (kind === "update" && !changesWhatIsRead(operation, propertiesOf(record))) return noCredentialChange;
  return { verdict: "read", category: "AuditLogs", operation };
}

/** Each credential change also writes plain updates, nearly all without anything that we read. */
function changesWhatIsRead(operation: string, properties: Fields): boolean {
  return objectsIn(field(properties, "targetResources")).some((target) =>
    objectsIn(field(target, "modifiedProperties")).some((changed) =>
      isReadProperty(operation, field(changed, "displayName")),
    ),
  );
}
