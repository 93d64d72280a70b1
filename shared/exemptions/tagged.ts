/** Teams mark what they manage; the policy names the marks. */
import { type Exemption, exempt, tagOf } from "./exemption.ts";

export const tagged: Exemption = {
  id: "tagged",
  title: "Leaves alone what bears one of the policy's `exemptTags`.",
  check(facts, { exemptTags }) {
    const wanted = new Set(exemptTags.map((tag) => tag.toLowerCase()));
    const tag = tagOf(facts, (each) => wanted.has(each));
    return tag === undefined ? null : exempt("It bears a tag that the policy exempts.", { tag });
  },
  // what exempts depends on the policy, which an example cannot name
  examples: { exempt: [], not: [{ tags: [] }, { tags: ["HideApp"] }] },
};
