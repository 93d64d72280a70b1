// What a vault answers about its keys: get key, get key versions and sign, as the service's REST reference shows them.
import type { VaultKey, VaultKeys } from "./vault-keys.ts";

export interface VaultCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** `http://127.0.0.1:port` */
  readonly baseUrl: string;
}

export interface VaultReply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const apiVersions = ["7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01"];
/** So small that a few versions are more than one page; the service's default is 25. */
const pageSize = 3;

export function vaultError(status: number, code: string, message: string, inner?: string): VaultReply {
  const innererror = inner === undefined ? {} : { innererror: { code: inner } };
  return { status, body: { error: { code, message, ...innererror } } };
}

function attributesOf({ enabled, created }: VaultKey): object {
  return { enabled, created, updated: created, recoveryLevel: "Recoverable", recoverableDays: 90 };
}

function kidOf({ name, version }: VaultKey, baseUrl: string): string {
  return `${baseUrl}/keys/${name}/${version}`;
}

function getKey(key: VaultKey, { baseUrl }: VaultCall): VaultReply {
  const { kty, crv, x, y, n, e } = key.jwk;
  const shown = { kid: kidOf(key, baseUrl), kty, key_ops: key.operations, crv, x, y, n, e };
  return { status: 200, body: { key: shown, attributes: attributesOf(key) } };
}

function listVersions(all: readonly VaultKey[], { baseUrl, path, query }: VaultCall): VaultReply {
  const from = Number(query.get("$skiptoken") ?? 0);
  const value = all.slice(from, from + pageSize);
  const isLast = from + pageSize >= all.length;
  const next = new URLSearchParams({
    "api-version": query.get("api-version") ?? "",
    $skiptoken: String(from + pageSize),
  });
  const nextLink = isLast ? null : `${baseUrl}${path}?${next.toString()}`;
  const shown = value.map((key) => ({ kid: kidOf(key, baseUrl), attributes: attributesOf(key) }));
  return { status: 200, body: { value: shown, nextLink } };
}

function sign(keys: VaultKeys, key: VaultKey, { body, baseUrl }: VaultCall): VaultReply {
  const { alg, value } = (body ?? {}) as { readonly alg?: unknown; readonly value?: unknown };
  if (!key.enabled)
    return vaultError(403, "Forbidden", "Operation sign is not allowed on a disabled key.", "KeyDisabled");
  if (!key.operations.includes("sign"))
    return vaultError(403, "Forbidden", "Operation sign is not permitted on this key.", "KeyOperationForbidden");
  const isRight = alg === "ES256" && key.jwk.crv === "P-256";
  if (!isRight)
    return vaultError(400, "BadParameter", `Key and signing algorithm are incompatible. Algorithm: ${String(alg)}`);
  const digest = typeof value === "string" ? Buffer.from(value, "base64url") : Buffer.alloc(0);
  if (digest.length !== 32)
    return vaultError(
      400,
      "BadParameter",
      `Invalid length of 'value': ${digest.length} bytes. ES256 requires 32 bytes.`,
    );
  const rs = Buffer.from(keys.sign(key, digest)).toString("base64url");
  return { status: 200, body: { kid: kidOf(key, baseUrl), value: rs } };
}

export function answerVault(keys: VaultKeys, call: VaultCall): VaultReply {
  const version = call.query.get("api-version");
  if (version === null || !apiVersions.includes(version))
    return vaultError(400, "BadParameter", `The specified version (${version}) is not recognized.`);
  const [, name, part = null, verb = null] =
    /^\/keys\/([0-9a-zA-Z-]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(call.path) ?? [];
  if (name === undefined) return vaultError(404, "NotFound", "No such resource here.");
  if (call.method === "GET" && part === "versions") return listVersions(keys.versions(name), call);
  const wantsSign = call.method === "POST" && (part === "sign" || verb === "sign");
  if (!wantsSign && (call.method !== "GET" || verb !== null))
    return vaultError(405, "MethodNotAllowed", `No ${call.method} here.`);
  const wanted = part === "sign" ? null : part;
  const key = keys.find(name, wanted);
  if (key === null) {
    const message = `A key with (name/id) ${[name, wanted].filter(Boolean).join("/")} was not found in this key vault.`;
    return vaultError(404, "KeyNotFound", message);
  }
  return wantsSign ? sign(keys, key, call) : getKey(key, call);
}
