/** An Azure Key Vault over HTTP, for signing keys: checks the token and the role, strikes faults, answers, counts its calls. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultEffect } from "../tenant/faults.ts";
import { closeServer, listenOn } from "../tenant/server.ts";
import type { World } from "../tenant/world.ts";
import { createVaultKeys, type VaultKeys } from "./vault-keys.ts";
import { answerVault, type VaultReply, vaultError } from "./vault-routes.ts";

export interface VaultRequest {
  readonly method: string;
  /** without query */
  readonly path: string;
  /** 0: the connection was cut */
  readonly status: number;
}

/** Faults of the twin reach it, too: its paths begin with `/vault`. */
export interface KeyVaultDouble {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly keys: VaultKeys;
  /** every request that came, oldest first */
  readonly requests: readonly VaultRequest[];
  /** What the role "Key Vault Crypto User" allows our runtime identity, or not any more. */
  allow(isAllowed: boolean): void;
  stop(): Promise<void>;
}

const invalid: Readonly<Record<string, string>> = {
  missing: "AKV10000: Request is missing a Bearer or PoP token.",
  unknown: "AKV10042: Error validating token.",
  expired: "AKV10040: Error validating token: the token is expired.",
};

interface Outcome {
  readonly reply: VaultReply;
  readonly drop: boolean;
}

function unauthorised(world: World, reason: string): VaultReply {
  const { tenantId } = world.settings;
  const message = invalid[reason] ?? "AKV10022: Invalid audience. Expected https://vault.azure.net.";
  const challenge = `Bearer authorization="https://login.windows.net/${tenantId}", resource="https://vault.azure.net"`;
  return { ...vaultError(401, "Unauthorized", message), headers: { "WWW-Authenticate": challenge } };
}

function struck({ status, code, headers = {}, dropConnection }: FaultEffect): Outcome | null {
  const nothing = vaultError(503, "ServiceUnavailable", "");
  if (dropConnection) return { reply: nothing, drop: true };
  if (status === undefined) return null;
  const named = code ?? (status === 429 ? "Throttled" : "ServiceUnavailable");
  return { reply: { ...vaultError(status, named, "The request could not be answered."), headers }, drop: false };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

async function answer(
  world: World,
  vault: { readonly keys: VaultKeys; readonly isAllowed: boolean; readonly url: string },
  request: IncomingMessage,
): Promise<Outcome> {
  const body = await text(request);
  const url = new URL(request.url ?? "/", vault.url);
  const token = world.tokens.check(request.headers.authorization, "keyVault");
  if (typeof token === "string") return { reply: unauthorised(world, token), drop: false };
  const { servicePrincipalId: by } = token.actor;
  const method = request.method ?? "GET";
  const effect = world.faults.strike({ method, path: `/vault${request.url ?? "/"}`, by });
  if (effect?.delayMs) await sleep(effect.delayMs);
  const failed = effect === null ? null : struck(effect);
  if (failed !== null) return failed;
  if (!vault.isAllowed || by !== world.runtime.servicePrincipalId) {
    const message = "Caller is not authorized to perform action on resource.";
    return { reply: vaultError(403, "Forbidden", message, "ForbiddenByRbac"), drop: false };
  }
  const call = { method, path: url.pathname, query: url.searchParams, body: parse(body), baseUrl: vault.url };
  return { reply: answerVault(vault.keys, call), drop: effect?.applyThenDrop === true };
}

function send(response: ServerResponse, { status, headers = {}, body }: VaultReply): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}

/** @param port 0 takes a free one */
export async function startKeyVault(world: World, port: number): Promise<KeyVaultDouble> {
  const keys = createVaultKeys(world.now);
  const requests: VaultRequest[] = [];
  let url = "";
  let isAllowed = true;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", url).pathname;
    const note = (status: number) => void requests.push({ method: request.method ?? "GET", path, status });
    answer(world, { keys, isAllowed, url }, request).then(
      ({ reply, drop }) => {
        note(drop ? 0 : reply.status);
        if (drop) request.socket.destroy();
        else send(response, reply);
      },
      (error: unknown) =>
        send(response, vaultError(500, "InternalServerError", `The vault itself failed: ${String(error)}`)),
    );
  });
  url = `http://127.0.0.1:${await listenOn(server, port)}`;
  return {
    url,
    keys,
    requests,
    allow(allowed) {
      isAllowed = allowed;
    },
    stop: () => closeServer(server),
  };
}
