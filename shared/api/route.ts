/**
 * One operation of the HTTP API as data: what it takes, what it answers, who may. The handlers check and convert by these schemas,
 * the OpenAPI document is made of them, and `tq` reads its answers by them.
 */
import type { z } from "zod";
import type { Role } from "../domain/caller.ts";

export interface Route {
  /** OpenAPI's operationId */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** below `/api`, with parameters in braces: `/runs/{id}/approve` */
  readonly path: string;
  /** one sentence */
  readonly summary: string;
  /** the role it takes; `signed-in`: any account of the tenant; null: anybody, since it says nothing about the tenant */
  readonly role: Role | "signed-in" | null;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** JSON; null: it takes none */
  readonly body: z.ZodObject | null;
  readonly answer: {
    readonly status: 200 | 201 | 202;
    readonly description: string;
    readonly schema: z.ZodType;
    /** besides JSON */
    readonly contentTypes?: readonly string[];
  };
  /** it answers with an ETag; `If-Match` is required of what changes it where this says so */
  readonly etag?: "answered" | "required";
  /** takes `Idempotency-Key` */
  readonly idempotent?: true;
  /** answers 202 or 201 with a `Location` */
  readonly location?: true;
}

/** Keeps the precise types of the schemas. */
export function defineRoute<const R extends Route>(route: R): R {
  return route;
}
