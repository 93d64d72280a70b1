// Where the app is, as a file that a shell can read, so that `tq` works from another terminal while the system is up.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface EnvFile {
  /** as given to `createEnvFile`, below the folder */
  readonly path: string;
  remove(): Promise<void>;
}

/** @param folder the project's; writes `.tourniquet/env` in it, for this user only */
export async function createEnvFile(folder: string, env: Readonly<Record<string, string>>): Promise<EnvFile> {
  const path = join(folder, ".tourniquet", "env");
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true }); // a file that is there would keep its mode
  await writeFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
  return { path: join(".tourniquet", "env"), remove: () => rm(path, { force: true }) };
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
