/**
 * Graph's own copies of audit records. Its log answers one request in two seconds for the whole tenant and what it holds never
 * changes, so a copy that was read is kept: an incident of many records is judged again and again, and must not wait for them each time.
 */
import type { Services } from "../../ports/services.ts";
import { type ApiAnswer, type ApiRequest, apiPath } from "../../ports/tenant.ts";
import { askAll } from "../snapshot/read-facts.ts";

export interface AuditLookup {
  /** The answer to reading that record; whoever asks for the same while it is read gets the same. */
  find(recordId: string): Promise<ApiAnswer>;
}

const kept = 500;

export function createAuditLookup(services: Services): AuditLookup {
  const answers = new Map<string, Promise<ApiAnswer>>();

  function forget(recordId: string, answer: Promise<ApiAnswer>): void {
    if (answers.get(recordId) === answer) answers.delete(recordId);
  }

  /** What is not there may only be late, and what could not be read may be read next time. */
  async function keepIfThere(recordId: string, answer: Promise<ApiAnswer>): Promise<void> {
    try {
      if (!(await answer).ok) forget(recordId, answer);
    } catch {
      forget(recordId, answer); // whoever asked hears of it
    }
  }

  return {
    find(recordId) {
      const known = answers.get(recordId);
      if (known !== undefined) return known;
      const answer = read(services, recordId);
      const [oldest] = answers.keys();
      if (answers.size >= kept && oldest !== undefined) answers.delete(oldest);
      answers.set(recordId, answer);
      void keepIfThere(recordId, answer);
      return answer;
    },
  };
}

async function read(services: Services, recordId: string): Promise<ApiAnswer> {
  const path = apiPath`/auditLogs/directoryAudits/${recordId}`;
  const request: ApiRequest = { method: "GET", version: "v1.0", path, lane: "reports" };
  const answer = (await askAll(services, [request])).get(request);
  if (answer === undefined) throw new Error(`${path} was asked for and not answered`);
  return answer;
}
