/** What the running app says of itself, and when it said so by whose clock. */
import { z } from "zod";
import { TerminalError } from "../../shared/domain/errors.ts";

const Age = z.looseObject({ ageSeconds: z.number() });

const Self = z.looseObject({
  servicePrincipalId: z.string(),
  appId: z.string(),
  tenantId: z.string(),
  roles: z.array(z.string()).nullable(),
  tokenIssuedAt: z.string().nullable(),
  tokenExpiresAt: z.string().nullable(),
});

const AppHealth = z.looseObject({
  status: z.string(),
  reason: z.string().optional(),
  at: z.string().optional(),
  mode: z.string().optional(),
  tenantId: z.string().optional(),
  killSwitch: z.string().nullish(),
  newestRecords: z.record(z.string(), Age).optional(),
  dependencyCache: Age.nullish(),
  due: z.looseObject({ waiting: z.number(), overdue: z.number() }).optional(),
  deadLetters: z.number().optional(),
  channels: z.record(z.string(), z.looseObject({ waiting: z.number() })).optional(),
  signingKey: z.string().nullish(),
  self: Self.nullish(),
  policyHash: z.string().optional(),
  platformAuthentication: z.boolean().optional(),
  initialOffset: z.string().nullish(),
});
export type AppHealth = z.infer<typeof AppHealth>;

export interface App {
  /** without a slash at its end */
  readonly url: string;
  readonly health: AppHealth;
  /** milliseconds by which the app's clock is ahead of this machine's, give or take the trip */
  readonly aheadMs: number | null;
}

const timeoutMs = 30_000;

/** Throws TerminalError saying how to reach it. */
export async function askApp(url: string, functionKey: string | undefined): Promise<App> {
  const headers: Record<string, string> = functionKey ? { "x-functions-key": functionKey } : {};
  const before = Date.now();
  const answer = await fetch(`${url}/api/health`, { headers, signal: AbortSignal.timeout(timeoutMs) }).catch(
    (cause) => {
      throw new TerminalError(
        `${url} cannot be reached: is the address right, does the app run, may this machine reach it?`,
        {
          code: "unreachable",
          cause,
        },
      );
    },
  );
  const middle = (before + Date.now()) / 2;
  if (answer.status === 401 || answer.status === 403)
    throw new TerminalError("the app's health takes a function key: set TOURNIQUET_FUNCTION_KEY", {
      code: "not-signed-in",
    });
  const parsed = AppHealth.safeParse(await answer.json().catch(() => null));
  if (!parsed.success)
    throw new TerminalError(`${url} answered ${answer.status} and nothing that says how it is: look at its log`, {
      code: "not-ours",
    });
  const at = Date.parse(parsed.data.at ?? "");
  return { url, health: parsed.data, aheadMs: Number.isNaN(at) ? null : Math.round(at - middle) };
}
