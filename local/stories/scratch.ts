// The files that the app is given by path: its policy and its signing key, in a folder only this user can read.
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Scratch {
  readonly policyFile: string;
  readonly signingKeyFile: string;
  remove(): Promise<void>;
}

/** `mkdtemp` makes the folder with mode 0700. */
export async function createScratch(policy: string): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), "tourniquet-"));
  const policyFile = join(folder, "policy.yaml");
  const signingKeyFile = join(folder, "signing-key.pem");
  await writeFile(policyFile, policy);
  await writeFile(signingKeyFile, signingKey(), { mode: 0o600 });
  return { policyFile, signingKeyFile, remove: () => rm(folder, { recursive: true, force: true }) };
}

function signingKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
