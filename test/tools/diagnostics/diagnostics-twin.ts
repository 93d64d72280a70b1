/** A tenant whose Security Administrator runs `diagnostics`, over HTTP. */
import type { TwinOptions } from "../../../local/tenant/options.ts";
import { run as diagnostics } from "../../../tools/diagnostics/run.ts";
import { startToolsTwin } from "../tools-twin.ts";

export const roles = {
  securityAdministrator: "194ae4cb-b126-40b2-bd5b-6091b380977d",
  securityReader: "5d6b6bb7-de71-4623-b4af-96380a352509",
} as const;
const azure = "https://management.azure.com";

export const categories = {
  "tourniquet-risk": ["RiskyServicePrincipals", "ServicePrincipalRiskEvents", "RiskyAgents", "AgentRiskEvents"],
  "tourniquet-audit": ["AuditLogs"],
  "tourniquet-sign-ins": ["ServicePrincipalSignInLogs", "ManagedIdentitySignInLogs"],
};

interface Setting {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly logs: readonly { readonly category: string; readonly enabled: boolean }[];
  };
}

export async function startDiagnostics(options: TwinOptions = {}) {
  const world = await startToolsTwin(options);
  const { twin } = world;
  const ruleIn = (subscription: string, namespace: string) =>
    `/subscriptions/${subscription}/resourceGroups/rg-soc/providers/Microsoft.EventHub/namespaces/${namespace}/authorizationRules/entra-diagnostics`;
  const rule = ruleIn(twin.subscriptionId, "evhns-entra");
  const tokenWith = (roleDefinitionId?: string) => {
    const { id, appId, secrets } = twin.addApplication({ passwords: 1 });
    if (roleDefinitionId !== undefined) twin.addRole({ principalId: id, roleDefinitionId });
    const answer = twin.requestToken({ appId, secret: secrets[0]?.secret ?? "", resource: azure });
    if (!answer.ok) throw new Error(answer.message);
    return answer.token;
  };
  const administrator = tokenWith(roles.securityAdministrator);
  const ask = async (method: string, name = "", properties?: object) => {
    const url = `${twin.armUrl}/providers/microsoft.aadiam/diagnosticSettings${name && `/${name}`}?api-version=2017-04-01`;
    const headers = { Authorization: `Bearer ${administrator}`, "Content-Type": "application/json" };
    const answer = await fetch(url, {
      method,
      headers,
      ...(properties && { body: JSON.stringify({ properties }) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json() as Promise<{ readonly value: readonly Setting[] }>;
  };
  const list = async () => (await ask("GET")).value;
  return {
    ...{ twin, rule, ruleIn, list, tokenWith, administrator },
    put: (name: string, properties: object) => ask("PUT", name, properties),
    /** what each setting sends */
    sent: async () =>
      Object.fromEntries(
        (await list()).map(({ name, properties: { logs } }) => [
          name,
          logs.filter(({ enabled }) => enabled).map(({ category }) => category),
        ]),
      ),
    run: (args: readonly string[] = [], token = administrator) =>
      world.run(diagnostics, ["--rule", rule, ...args], { TOURNIQUET_ARM_TOKEN: token }),
    writes: world.writes,
  };
}
