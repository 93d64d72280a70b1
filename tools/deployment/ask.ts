/** Requests to Microsoft Graph and Azure Resource Manager, as whoever deploys. */

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `path` begins with a slash. Rejects when there is no answer at all. */
export type Ask = (method: "GET" | "POST" | "PATCH", path: string, body?: unknown) => Promise<Answer>;

export function createAsk(baseUrl: string, getToken: () => Promise<string>): Ask {
  return async (method, path, body) => {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${await getToken()}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  };
}
