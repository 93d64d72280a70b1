// The keys of one vault, with their versions: made, rotated, disabled, and never seen from outside.
import { generateKeyPairSync, type JsonWebKey, randomBytes } from "node:crypto";
import { signDigest } from "./sign-digest.ts";

export interface VaultKey {
  readonly name: string;
  /** 32 hexadecimal digits */
  readonly version: string;
  readonly jwk: JsonWebKey;
  readonly operations: readonly string[];
  /** epoch seconds */
  readonly created: number;
  enabled: boolean;
}

export type VaultKeyKind = "EC P-256" | "EC P-384" | "RSA";

export interface VaultKeys {
  /** A key that is there already gets a version more, which signs from now on. @returns the version */
  create(name: string, kind?: VaultKeyKind, operations?: readonly string[]): string;
  /** @param version by default the newest. @throws Error when there is none */
  setEnabled(name: string, enabled: boolean, version?: string): void;
  /** Null: the newest. */
  find(name: string, version: string | null): VaultKey | null;
  /** Oldest first. */
  versions(name: string): readonly VaultKey[];
  /** r and s over the digest */
  sign(key: VaultKey, digest: Uint8Array): Uint8Array;
}

function privateJwk(kind: VaultKeyKind): JsonWebKey {
  const { privateKey } =
    kind === "RSA"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: kind === "EC P-256" ? "P-256" : "P-384" });
  return privateKey.export({ format: "jwk" });
}

/** @param now epoch ms */
export function createVaultKeys(now: () => number): VaultKeys {
  const keys: VaultKey[] = [];
  const versions = (name: string) => keys.filter((key) => key.name === name.toLowerCase());
  const find = (name: string, version: string | null) =>
    versions(name).findLast((key) => version === null || key.version === version) ?? null;
  return {
    create(name, kind = "EC P-256", operations = ["sign", "verify"]) {
      const version = randomBytes(16).toString("hex");
      const created = Math.floor(now() / 1_000);
      keys.push({ name: name.toLowerCase(), version, jwk: privateJwk(kind), operations, created, enabled: true });
      return version;
    },
    setEnabled(name, enabled, version) {
      const key = find(name, version ?? null);
      if (key === null) throw new Error(`The vault has no key ${name} ${version ?? ""}`);
      key.enabled = enabled;
    },
    find,
    versions,
    sign: ({ jwk }, digest) => signDigest(Buffer.from(jwk.d ?? "", "base64url"), digest),
  };
}
