/** A Conditional Access policy as the twin keeps it: whatever else its maker wrote stays in it. */
export interface ConditionalAccessPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly modifiedDateTime: string | null;
  readonly state: string;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly grantControls: Readonly<Record<string, unknown>> | null;
}
