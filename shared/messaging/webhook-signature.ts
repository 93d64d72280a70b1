/** Signs a webhook as Standard Webhooks 1.0 says (standardwebhooks.com), so that the receiver can use any library for it. */
import { createHmac } from "node:crypto";

/** `secret` in base64, with or without `whsec_`. The id is the same in every retry; the time is that of this try. */
export function signatureHeaders(secret: string | null, id: string, nowMs: number, body: string) {
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp };
  if (secret === null) return headers;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { ...headers, "webhook-signature": `v1,${mac}` };
}
