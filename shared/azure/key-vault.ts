/**
 * One key of an Azure Key Vault, by its REST API (api-version 7.4): sign a digest, read a version, list the versions.
 *
 * Not by `@azure/keyvault-keys`: these are three calls with small JSON bodies, unchanged from 7.0 to 2025-07-01, while the package
 * brings a pipeline, polling and local cryptography with it. All that is parsed before the first record can be contained, and a cold
 * start is part of time-to-contain. Tokens, the part that is hard to get right, are `@azure/identity`'s.
 *
 * Nothing that the vault refuses is the fault of what was to be signed: a role that has not arrived, a firewall, a disabled version.
 * So all of it is retryable, as with Table Storage, and no record is given up for it while its partition can wait.
 * Source: "Key Vault keys REST API" (sign, get key, get key versions), "Key Vault REST API error codes".
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { describeError } from "../domain/errors.ts";
import type { Clock } from "../ports/clock.ts";
import { noToken, refused, unreachable, unreadable } from "./key-vault-errors.ts";

export interface KeyVaultOptions {
  /** `https://{vault}/keys/{name}`, or with `/{version}`: then that version signs, whatever comes after it */
  readonly keyId: string;
  readonly getToken: () => Promise<string>;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** What the vault says of one version of the key. */
export interface KeyVersion {
  readonly version: string;
  readonly enabled: boolean;
  /** null: not on the curve P-256 */
  readonly publicKey: KeyObject | null;
  /** as the vault calls it: `EC P-256`, `RSA` */
  readonly kind: string;
  readonly maySign: boolean;
}

/** Every method throws RetryableError that says what the vault answered and how to mend it. */
export interface KeyVault {
  /** `digest`: SHA-256. `rs`: r and s, 64 bytes. */
  sign(digest: Uint8Array): Promise<{ readonly version: string; readonly rs: Uint8Array }>;
  /** Null: the one that signs. */
  get(version: string | null): Promise<KeyVersion>;
  versions(): Promise<readonly { readonly version: string; readonly enabled: boolean }[]>;
}

const apiVersion = "7.4";

const Attributes = z.object({ enabled: z.boolean().default(true) }).default({ enabled: true });
const SignAnswer = z.object({ kid: z.string(), value: z.base64url() });
const KeyAnswer = z.object({
  key: z.object({
    kid: z.string(),
    kty: z.string(),
    crv: z.string().optional(),
    x: z.string().optional(),
    y: z.string().optional(),
    key_ops: z.array(z.string()).optional(),
  }),
  attributes: Attributes,
});
const VersionsAnswer = z.object({
  value: z.array(z.object({ kid: z.string(), attributes: Attributes })),
  nextLink: z.string().nullish(),
});

export function createKeyVault(options: KeyVaultOptions): KeyVault {
  const { origin, pathname } = new URL(options.keyId);
  const [, , name = "", pinned = null] = pathname.split("/");
  const urlOf = (version: string | null, rest = "") => {
    const path = [name, ...(version === null ? [] : [version])].join("/");
    return `${origin}/keys/${path}${rest}?api-version=${apiVersion}`;
  };
  return {
    async sign(digest) {
      const body = { alg: "ES256", value: Buffer.from(digest).toString("base64url") };
      const { kid, value } = await call(options, SignAnswer, urlOf(pinned, "/sign"), body);
      return { version: versionIn(kid), rs: Buffer.from(value, "base64url") };
    },
    async get(version) {
      return versionOf(await call(options, KeyAnswer, urlOf(version ?? pinned)));
    },
    async versions() {
      const found: { version: string; enabled: boolean }[] = [];
      let next: string | null = urlOf(null, "/versions");
      while (next !== null) {
        const page: z.infer<typeof VersionsAnswer> = await call(options, VersionsAnswer, next);
        found.push(...page.value.map(({ kid, attributes }) => ({ version: versionIn(kid), ...attributes })));
        next = page.nextLink || null;
        // our token goes to this vault and nowhere else
        if (next !== null && URL.parse(next)?.origin !== origin) throw unreadable("its next page lies elsewhere");
      }
      return found;
    },
  };
}

async function call<T extends z.ZodType>(
  { getToken, timeoutMs, clock }: KeyVaultOptions,
  Answer: T,
  url: string,
  body?: object,
): Promise<z.output<T>> {
  const token = await getToken().catch((cause: unknown) => {
    throw noToken(cause);
  });
  const signal = AbortSignal.timeout(timeoutMs);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const request: RequestInit =
    body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  try {
    const response = await fetch(url, { ...request, signal, redirect: "error" });
    const json: unknown = await response.json().catch((error: unknown) => {
      if (signal.aborted) throw error;
      return null;
    });
    if (!response.ok) throw refused(response, json, clock.now());
    const parsed = Answer.safeParse(json);
    if (!parsed.success) throw unreadable("its answer is not of the documented shape", parsed.error);
    return parsed.data;
  } catch (error) {
    throw unreachable(error);
  }
}

function versionOf({ key, attributes }: z.infer<typeof KeyAnswer>): KeyVersion {
  const { kid, kty, crv, x = "", y = "", key_ops: operations } = key;
  const isRight = (kty === "EC" || kty === "EC-HSM") && crv === "P-256";
  return {
    version: versionIn(kid),
    enabled: attributes.enabled,
    publicKey: isRight ? publicKeyOf({ kty: "EC", crv, x, y }) : null,
    kind: [kty, crv].filter((part) => part !== undefined).join(" "),
    maySign: operations?.includes("sign") ?? true,
  };
}

function publicKeyOf(key: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string }) {
  try {
    return createPublicKey({ format: "jwk", key });
  } catch (error) {
    throw unreadable(`its public key cannot be read (${describeError(error)})`, error);
  }
}

/** The last part of a key identifier. */
function versionIn(kid: string): string {
  return kid.split("/").at(-1) ?? "";
}
