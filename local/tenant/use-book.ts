/** Who used what, and when: what the two beta reports on last use are made from. */

/** `client`: asked for tokens; `resource`: tokens were asked for it; `…ForUsers`: by or for a signed-in user. */
export type Activity = "client" | "clientForUsers" | "resource" | "resourceForUsers";

export interface Use {
  readonly activity: Activity;
  /** epoch ms */
  readonly at: number;
  readonly requestId: string;
  /** Entra said no */
  readonly refused: boolean;
  /** it happened before the twin began: no report is too old to know it */
  readonly seeded: boolean;
}

export interface Used<T> {
  /** of the report's row */
  readonly id: string;
  readonly appId: string;
  readonly about: T;
  /** in the order of their times */
  readonly uses: Use[];
}

export interface UseBook<T> {
  note(row: Omit<Used<T>, "uses">, use: Use): void;
  /** Rows from an ordinal on, each with its ordinal; with an appId only its own. */
  rows(from?: number, appId?: string): Generator<readonly [ordinal: number, row: Used<T>]>;
}

/** More than a year of daily uses of two kinds; the oldest go. */
const remembered = 1_000;

export function createUseBook<T>(): UseBook<T> {
  const rows: Used<T>[] = [];
  const byId = new Map<string, Used<T>>();
  const byAppId = new Map<string, number[]>();
  function open(row: Omit<Used<T>, "uses">): Used<T> {
    const fresh: Used<T> = { ...row, uses: [] };
    const ordinal = rows.push(fresh) - 1;
    byId.set(row.id, fresh);
    const others = byAppId.get(row.appId);
    if (others) others.push(ordinal);
    else byAppId.set(row.appId, [ordinal]);
    return fresh;
  }
  return {
    note(row, use) {
      const { uses } = byId.get(row.id) ?? open(row);
      uses.push(use);
      if (uses.length > remembered) uses.shift();
    },
    *rows(from = 0, appId) {
      const all = appId === undefined ? rows.keys() : (byAppId.get(appId) ?? []);
      for (const ordinal of all) {
        const row = rows[ordinal];
        if (row && ordinal >= from) yield [ordinal, row];
      }
    },
  };
}

/** The latest use of these kinds that somebody who looks back to `horizon` (epoch ms) knows of. */
export function latestUse(
  uses: readonly Use[],
  horizon: number,
  activities: readonly Activity[] | null,
  refusedToo: boolean,
): Use | null {
  const isKnown = (use: Use): boolean => (refusedToo || !use.refused) && (use.seeded || use.at <= horizon);
  return uses.findLast((use) => isKnown(use) && (activities?.includes(use.activity) ?? true)) ?? null;
}
