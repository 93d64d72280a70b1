// One happening, before it is laid out.
export type What =
  | "attack"
  | "happens"
  | "entra"
  | "arrived"
  | "found"
  | "decided"
  | "changed"
  | "done"
  | "verified"
  | "waits"
  | "person"
  | "trouble"
  | "story";

export interface Line {
  /** epoch ms */
  readonly at: number;
  readonly what: What;
  /** the identity's name in the story */
  readonly who: string | null;
  readonly text: string;
}
