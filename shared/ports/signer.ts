/** Signs rows that authorise (plan, approval, protection, setting), so that whoever can edit a table cannot act. */
export interface Signer {
  /** Signs the UTF-8 bytes of `payload`; the answer names its key, so that keys can be rotated. */
  sign(payload: string): Promise<string>;
  /** False for any signature this signer's keys did not make over exactly these bytes. */
  verify(payload: string, signature: string): Promise<boolean>;
  /** What others verify by, the one that signs now first. */
  publicKeys(): Promise<readonly PublicKey[]>;
}

export interface PublicKey {
  /** as the signatures name it */
  readonly id: string;
  /** RFC 7517 */
  readonly jwk: Readonly<Record<string, unknown>>;
}
