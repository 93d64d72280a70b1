// Tokens that only the host that gave them out takes: a payload and its HMAC, nothing that Entra would sign or anybody else accept.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";

const payloadShape = z.object({
  name: z.string(),
  roles: z.array(z.string()),
  kind: z.enum(["person", "workload"]),
  objectId: z.string(),
  /** epoch seconds */
  exp: z.number(),
});
export type TokenPayload = z.infer<typeof payloadShape>;

export interface DevelopmentTokens {
  issue(payload: TokenPayload): string;
  /** Null: not ours, altered, or expired. */
  check(token: string): TokenPayload | null;
}

/** @param key what outlives a restart of the host; without it one is made up */
export function createDevelopmentTokens(key: string | undefined): DevelopmentTokens {
  const secret = key ?? randomBytes(32).toString("hex");
  const mac = (text: string): Buffer => createHmac("sha256", secret).update(text).digest();
  return {
    issue(payload) {
      const text = Buffer.from(JSON.stringify(payload)).toString("base64url");
      return `development.${text}.${mac(text).toString("base64url")}`;
    },
    check(token) {
      const [, text = "", sent = ""] = /^development\.([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
      const wanted = mac(text);
      const given = Buffer.from(sent, "base64url");
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
      const payload = payloadShape.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
      return payload.exp * 1000 > Date.now() ? payload : null;
    },
  };
}
