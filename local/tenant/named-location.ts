/** A named location as the twin keeps it: whatever its kind has beside these stays in it. */
export interface NamedLocation {
  readonly id: string;
  readonly displayName: string;
  readonly createdDateTime: string;
  readonly modifiedDateTime: string;
  readonly [property: string]: unknown;
}
