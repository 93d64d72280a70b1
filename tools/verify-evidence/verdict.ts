/** What the checks of an evidence file say. */

export interface Check {
  readonly name: "form" | "sections" | "ledger" | "seals" | "signature" | "key" | "heads" | "tables";
  /** null: it is no reason to reject the file, and must be read */
  readonly holds: boolean | null;
  /** one line */
  readonly message: string;
  /** section, or entry of the ledger, that is wrong */
  readonly where?: string;
}

export interface Verdict {
  readonly holds: boolean;
  readonly checks: readonly Check[];
  /** null: the file is too broken to say */
  readonly pack: {
    readonly incidentId: string;
    readonly tenantId: string;
    readonly madeAt: string;
    readonly madeBy: string;
    readonly entries: number;
    readonly keyId: string | null;
  } | null;
}

export function passes(name: Check["name"], message: string): Check {
  return { name, holds: true, message };
}

export function fails(name: Check["name"], where: string, message: string): Check {
  return { name, holds: false, message: `${where}: ${message}`, where };
}

export function notes(name: Check["name"], message: string): Check {
  return { name, holds: null, message };
}
