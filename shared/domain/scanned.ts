/** What our own scan of the tenant files: ids as detections have them, of which no log record tells, so none of the registry is. */
import type { Finding } from "./finding.ts";

/** Detection ids of the findings that a scan files. */
export const scannedIds = ["unused-identity", "unused-credential"] as const;

type About = Finding["details"]["about"];

const aboutDisuse: ReadonlySet<About> = new Set(["unused", "unused-credential"]);

/** Does it say that nobody uses something? Such a finding is no evidence of anything else. */
export function isAboutDisuse({ details }: Pick<Finding, "details">): boolean {
  return aboutDisuse.has(details.about);
}
