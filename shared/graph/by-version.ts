/** One tenant for the engine: requests of version `arm` go to Resource Manager, all others to Graph. */
import type { ApiAnswer, ApiRequest, Tenant } from "../ports/tenant.ts";
import { notSent } from "./answers.ts";
import type { ArmTenant } from "./arm-tenant.ts";
import { tellOnce } from "./read-one.ts";

export function routeByVersion(graph: Tenant, arm: ArmTenant): Tenant {
  const toArm = (request: ApiRequest) => request.version === "arm";
  return {
    async read(requests, call) {
      if (!requests.some(toArm)) return graph.read(requests, call);
      const told = tellOnce(call);
      const [fromArm, fromGraph] = await Promise.all([
        arm.read(requests.filter(toArm), told),
        graph.read(
          requests.filter((request) => !toArm(request)),
          told,
        ),
      ]);
      return inOrder(requests.map(toArm), fromArm, fromGraph);
    },
    send: (request, call) => (toArm(request) ? arm : graph).send(request, call),
    pages: (request, call) => (toArm(request) ? arm : graph).pages(request, call),
    whoAmI: () => graph.whoAmI(),
  };
}

function inOrder(
  isArm: readonly boolean[],
  fromArm: readonly ApiAnswer[],
  fromGraph: readonly ApiAnswer[],
): readonly ApiAnswer[] {
  const [arm, graph] = [fromArm.values(), fromGraph.values()];
  return isArm.map((fromThere) => (fromThere ? arm : graph).next().value ?? unanswered);
}

const unanswered = notSent("unsent", "The read was not sent; this is a bug.");
