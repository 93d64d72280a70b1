/** Evidence packs: as the file whose very bytes are verified, or as a page. */
import packageJson from "../../package.json" with { type: "json" };
import { getEvidence } from "../../shared/api/evidence.ts";
import { fileOf } from "../../shared/engine/pack/form.ts";
import { makePack } from "../../shared/engine/pack/make-pack.ts";
import { pageOf } from "../../shared/engine/pack/page/page.ts";
import { type Operation, operation } from "./handler.ts";

const app = { name: packageJson.name, version: packageJson.version };

export const evidenceOperations: readonly Operation[] = [
  operation(getEvidence, async ({ services, caller, params, query, accepts }) => {
    const pack = await makePack(services, params.id, caller, app);
    const isPage = query.format === undefined ? accepts === "text/html" : query.format === "html";
    const text = isPage
      ? { contentType: "text/html; charset=utf-8", content: pageOf(pack) }
      : { contentType: "application/json; charset=utf-8", content: fileOf(pack) };
    return { body: pack, text };
  }),
];
