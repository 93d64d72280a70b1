// Which story `--story` means: one that comes with the project, by name, or a file.
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Story } from "./story.ts";
import { readStoryFile } from "./story-file.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

export function shippedStories(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** @throws Error when there is no such story, or it has mistakes */
export function findStory(nameOrFile: string): Story {
  if (shippedStories().includes(nameOrFile)) return readStoryFile(`${FOLDER}${nameOrFile}.yaml`);
  if (existsSync(nameOrFile)) return readStoryFile(nameOrFile);
  const known = shippedStories().join(", ");
  throw new Error(`--story ${nameOrFile}: there is no such file, and no story of that name; there are: ${known}`);
}
