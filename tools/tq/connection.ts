/** Where the app's API is, and as whom it is called. */
import { TerminalError } from "../../shared/domain/errors.ts";

export interface Connection {
  /** without a slash at its end */
  readonly url: string;
  token(): Promise<string>;
  /** of the app's health, which no sign-in opens; null: none was given */
  readonly functionKey: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `url`: of `--url`. Throws TerminalError `usage` saying what to set; the token is asked for with the first call. */
export function connectionOf(url: string | undefined, environment: Environment): Connection {
  const { TOURNIQUET_URL, TOURNIQUET_TOKEN, TOURNIQUET_API_SCOPE, TOURNIQUET_FUNCTION_KEY } = environment;
  const where = url ?? TOURNIQUET_URL ?? "";
  if (!URL.canParse(where) || !isSafe(new URL(where))) {
    const message = `--url or TOURNIQUET_URL must say where the app is, for example https://contoso-tourniquet.azurewebsites.net; it is ${where === "" ? "not set" : JSON.stringify(where)}`;
    throw new TerminalError(message, { code: "usage" });
  }
  return {
    url: where.replace(/\/+$/, ""),
    token: TOURNIQUET_TOKEN ? async () => TOURNIQUET_TOKEN : signedIn(TOURNIQUET_API_SCOPE),
    functionKey: TOURNIQUET_FUNCTION_KEY || null,
  };
}

/** A token must not travel in the open; this machine is its own network. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

function signedIn(scope: string | undefined): () => Promise<string> {
  return async () => {
    if (!scope) {
      const message =
        'nobody is signed in: set TOURNIQUET_API_SCOPE (for example api://tourniquet/.default) and sign in with `az login`, or set TOURNIQUET_TOKEN; on a laptop: eval "$(npm run -s login -- you@contoso.example --roles Reader)"';
      throw new TerminalError(message, { code: "not-signed-in" });
    }
    try {
      const { DefaultAzureCredential } = await import("@azure/identity"); // slow to load, and often not needed
      return (await new DefaultAzureCredential().getToken(scope)).token;
    } catch (cause) {
      const message = `no token for ${scope}: sign in, for example with \`az login --scope ${scope}\``;
      throw new TerminalError(message, { code: "not-signed-in", cause });
    }
  };
}
