/** A tenant for the tools: the twin over HTTP, somebody who may grant there, and commands run in this process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { stringify } from "yaml";
import type { TwinOptions } from "../../local/tenant/options.ts";
import { createTenantTwin, type Twin } from "../../local/tenant/twin.ts";
import { loadPolicy } from "../../shared/config/policy-file.ts";
import type { Surroundings } from "../../tools/tenant/connect.ts";

export const appRoleIds = {
  mayGrant: "06b708a9-e830-4db3-a914-8e69da51d44f", // AppRoleAssignment.ReadWrite.All
  mayRead: "7ab1d382-f21e-4acd-a863-ba3e13f7da61", // Directory.Read.All
  mail: "e2a3a72e-5f79-4c64-b1b1-878b674786c9", // Mail.ReadWrite
  roles: "483bed4a-2ad3-4361-a73b-c83ccdbdc53c", // RoleManagement.Read.Directory
} as const;

type Tool = (args: readonly string[], around: Surroundings) => Promise<number>;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface ToolsTwin {
  readonly twin: Twin;
  readonly folder: string;
  /** the permissions that Tourniquet's identity holds on Microsoft Graph */
  held(): readonly string[];
  /** changes that were sent to Graph */
  writes(): readonly string[];
  /** a token as Tourniquet's own platform would give one now: with what was granted until now */
  ownToken(): string;
  /** of a policy like the shipped one, for this tenant, in a file of its own */
  policy(change?: object): string;
  /** as somebody who may grant, unless another token is given */
  run(tool: Tool, args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ran>;
  tokenOf(...graphAppRoleIds: readonly string[]): string;
}

export async function startToolsTwin(options: TwinOptions = {}): Promise<ToolsTwin> {
  const twin = await createTenantTwin(options);
  const folder = mkdtempSync(join(tmpdir(), "tools-"));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await twin.stop();
  });
  const tokenOf: ToolsTwin["tokenOf"] = (...graphAppRoleIds) => {
    const { appId, secrets } = twin.addApplication({ passwords: 1, graphAppRoleIds });
    const answer = twin.requestToken({ appId, secret: secrets[0]?.secret ?? "" });
    if (!answer.ok) throw new Error(answer.message);
    return answer.token;
  };
  const administrator = tokenOf(appRoleIds.mayGrant, appRoleIds.mayRead);
  let files = 0;
  return {
    twin,
    folder,
    held() {
      const offered = new Map(
        (twin.state.servicePrincipal(twin.microsoftGraph.id)?.appRoles ?? []).map(({ id, value }) => [id, value]),
      );
      return twin.state
        .assignmentsOf(twin.runtimeIdentity.id)
        .map(({ appRoleId }) => offered.get(appRoleId) ?? appRoleId)
        .sort();
    },
    writes: () => twin.state.writes.map(({ method, path }) => `${method} ${path}`),
    ownToken() {
      const answer = twin.requestToken({
        appId: twin.runtimeIdentity.appId,
        managedIdentity: true,
        lifetimeSeconds: 86_400,
      });
      if (!answer.ok) throw new Error(answer.message);
      return answer.token;
    },
    policy(change = {}) {
      const file = join(folder, `policy-${++files}.yaml`);
      writeFileSync(file, stringify({ ...loadPolicy("policy.yaml"), tenantId: twin.tenantId, ...change }));
      return file;
    },
    async run(tool, args, environment = {}) {
      const [out, err]: [string[], string[]] = [[], []];
      const around = {
        environment: {
          TOURNIQUET_GRAPH_URL: twin.graphUrl,
          TOURNIQUET_ARM_URL: twin.armUrl,
          TOURNIQUET_GRAPH_TOKEN: administrator,
          ...environment,
        },
        out: (text: string) => void out.push(text),
        err: (text: string) => void err.push(text),
      };
      const code = await tool(args, around);
      return { code, out: out.join("\n"), err: err.join("\n") };
    },
    tokenOf,
  };
}
