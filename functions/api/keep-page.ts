/** The page behind the link that owners of what nobody uses get. */
import { keepPage } from "../../shared/api/unused.ts";
import { findUnused } from "../../shared/engine/people/unused/find-unused.ts";
import { keepPageOf } from "../../shared/engine/people/unused/keep-page.ts";
import { shownForOwners } from "../../shared/engine/people/unused/shown-unused.ts";
import { type Operation, operation } from "./handler.ts";

export const keepPageOperations: readonly Operation[] = [
  operation(keepPage, async ({ services, params, accepts }) => {
    const body = shownForOwners(await findUnused(services, params.id), services.policy);
    if (accepts !== "text/html") return { body };
    return { body, text: { contentType: "text/html; charset=utf-8", ...keepPageOf(body) } };
  }),
];
