/** Every operation of the API: one line for each file of them. */
import { groupOperations } from "./approval-groups.ts";
import { deadLetterOperations } from "./dead-letters.ts";
import { decisionOperations } from "./decisions.ts";
import { evidenceOperations } from "./evidence.ts";
import type { Operation } from "./handler.ts";
import { keepPageOperations } from "./keep-page.ts";
import { describing } from "./openapi.ts";
import { protectionOperations } from "./protected-identities.ts";
import { settingsOperations } from "./settings.ts";
import { showOperations } from "./show.ts";
import { startOperations } from "./starts.ts";
import { stopOperations } from "./stops.ts";
import { unusedOperations } from "./unused.ts";

const all: readonly Operation[] = [
  ...showOperations,
  ...deadLetterOperations,
  ...evidenceOperations,
  ...startOperations,
  ...stopOperations,
  ...decisionOperations,
  ...groupOperations,
  ...settingsOperations,
  ...protectionOperations,
  ...unusedOperations,
  ...keepPageOperations,
];

export const operations: readonly Operation[] = [...all, describing(all)];
