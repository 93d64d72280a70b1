/** The API's own description, and whether an answer is what it says. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { openApi } from "../../functions/api/openapi.ts";
import { operations } from "../../functions/api/operations.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Readonly<Record<string, Described>> }>>>
  >;
}

/** As it would be sent. */
export const description: Description & Record<string, unknown> = JSON.parse(
  JSON.stringify(openApi(operations.map(({ route }) => route))),
);

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema({ $id: "openapi.json", ...description });

const compiled = new Map<string, ValidateFunction>();

/** Throws when the status, the content type or the body is not described. `path` as the route writes it. */
export function checkAnswer(method: string, path: string, { status, headers, body }: Answer): void {
  const where = `${method} ${path} ${status}`;
  const described = description.paths[path]?.[method.toLowerCase()]?.responses[status];
  if (described === undefined) throw new Error(`${where}: the description knows no such answer`);
  if (described.content === undefined) return;
  const type = headers["content-type"]?.split(";")[0] ?? "none";
  const pointer = ["paths", path, method.toLowerCase(), "responses", String(status), "content", type, "schema"];
  if (described.content[type] === undefined) throw new Error(`${where}: the description knows no ${type}`);
  const ref = `openapi.json#/${pointer.map((part) => encodeURIComponent(part.replace(/~/g, "~0").replace(/\//g, "~1"))).join("/")}`;
  const validate = compiled.get(ref) ?? ajv.compile({ $ref: ref });
  compiled.set(ref, validate);
  if (validate(body)) return;
  const wrong = (validate.errors ?? []).map((error) => `${ajv.errorsText([error])} ${JSON.stringify(error.params)}`);
  throw new Error(`${where} is not what the description says: ${wrong.join("; ")}`);
}
