/** Microsoft Graph and Azure for the tools, as whoever is signed in; a token is used and never shown. */
import { systemClock } from "../../shared/config/clock.ts";
import { TerminalError } from "../../shared/domain/errors.ts";
import { type ArmTenant, createArmTenant } from "../../shared/graph/arm-tenant.ts";
import { createGraphTenant } from "../../shared/graph/graph-tenant.ts";
import type { Logger } from "../../shared/ports/logger.ts";
import type { OwnIdentity, Tenant } from "../../shared/ports/tenant.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a tool runs. */
export interface Surroundings {
  readonly environment: Environment;
  /** the answer */
  out(text: string): void;
  /** everything beside it */
  err(text: string): void;
}

export interface Graph {
  readonly tenant: Tenant;
  readonly url: string;
  /** who is signed in, by the token's own words */
  whoIsSignedIn(): Promise<OwnIdentity>;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const requestTimeoutMs = 30_000;

/** `url`: of `--graph-url`. Throws TerminalError `usage`; the token is asked for with the first request. */
export function connectGraph(url: string | undefined, environment: Environment): Graph {
  const baseUrl = originOf(url ?? environment.TOURNIQUET_GRAPH_URL ?? "https://graph.microsoft.com", "--graph-url");
  const getToken = tokens(environment.TOURNIQUET_GRAPH_TOKEN, `${baseUrl}/.default`);
  const tenant = createGraphTenant({ ...parts, baseUrl, getToken });
  return {
    tenant,
    url: baseUrl,
    async whoIsSignedIn() {
      await getToken(); // tells by itself when nobody is
      const self = await tenant.whoAmI();
      if (self !== null) return self;
      throw new TerminalError(
        "the access token does not say whose it is: sign in to a tenant, for example with `az login`",
        {
          code: "not-signed-in",
        },
      );
    },
  };
}

export function connectAzure(url: string | undefined, environment: Environment): ArmTenant {
  const baseUrl = originOf(url ?? environment.TOURNIQUET_ARM_URL ?? "https://management.azure.com", "--arm-url");
  return createArmTenant({
    ...parts,
    baseUrl,
    getToken: tokens(environment.TOURNIQUET_ARM_TOKEN, `${baseUrl}/.default`),
  });
}

const parts = { clock: systemClock, random: Math.random, logger: silent, requestTimeoutMs };

/** A token must not travel in the open; this machine is its own network. */
function originOf(text: string, option: string): string {
  const url = URL.parse(text);
  const isSafe =
    url?.protocol === "https:" ||
    (url?.protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname));
  if (url !== null && isSafe && url.pathname === "/" && url.search === "") return url.origin;
  const message = `${option} ${JSON.stringify(text)}: write an https origin without a path, for example https://graph.microsoft.com`;
  throw new TerminalError(message, { code: "usage" });
}

function tokens(given: string | undefined, scope: string): () => Promise<string> {
  if (given) return async () => given;
  return async () => {
    const { DefaultAzureCredential } = await import("@azure/identity"); // slow to load, and often not needed
    try {
      return (await new DefaultAzureCredential().getToken(scope)).token;
    } catch (cause) {
      const message = `no token for ${scope}: sign in, for example with \`az login --tenant TENANT\``;
      throw new TerminalError(message, { code: "not-signed-in", cause });
    }
  };
}
