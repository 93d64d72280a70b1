/** One demand, judged on its own by the story's judge. */

import { expect } from "vitest";
import type { Evidence } from "../../../local/stories/evidence.ts";
import { judge } from "../../../local/stories/judge.ts";
import type { Story } from "../../../local/stories/story.ts";
import type { SaidDemand, TenantDemand } from "../../../local/stories/story-demands.ts";
import { evidence } from "./evidence.ts";

function verdict(group: "tenant" | "said", demand: TenantDemand | SaidDemand, seen: Evidence) {
  const demands = { tenant: [], said: [], [group]: [demand] };
  const rest = { policy: {}, licences: {}, withoutPermissions: [], groups: [], tenant: [], steps: [] };
  const story = { story: "small", title: "Small", atMostSeconds: 9, ...rest, demands } satisfies Story;
  return judge(story, seen)[0];
}

export const ofTenant = (demand: TenantDemand, more: Partial<Evidence> = {}) =>
  verdict("tenant", demand, evidence(more));
export const ofWords = (demand: SaidDemand, more: Partial<Evidence> = {}) => verdict("said", demand, evidence(more));
export const unmet = (actual: RegExp) => ({ met: false, actual: expect.stringMatching(actual) });
