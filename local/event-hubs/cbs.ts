// `$cbs`: clients put a token here before they open links. Any token will do, an empty one will not.
import type { RequestHandler } from "./request-response.ts";

export const putToken: RequestHandler = (request, peer) => {
  const operation: unknown = request.application_properties?.operation;
  if (operation !== "put-token") {
    return {
      condition: "amqp:not-implemented",
      description: `$cbs knows put-token, not ${JSON.stringify(operation)}.`,
    };
  }
  const token: unknown = request.body;
  if (typeof token !== "string" || token.trim() === "") {
    return { condition: "amqp:unauthorized-access", description: "The token is empty." };
  }
  peer.authorised = true;
  return { status: 202, description: "Accepted" };
};
