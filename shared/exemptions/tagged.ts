/** Teams mark what they manage; the policy names the marks. Its examples are judged with `exemptTags: [team:payroll]`. */
import { type Exemption, exempt, tagOf } from "./exemption.ts";

export const tagged: Exemption = {
  id: "tagged",
  title: "Leaves alone what bears one of the policy's `exemptTags`.",
  check(facts, { exemptTags }) {
    const wanted = new Set(exemptTags.map((tag) => tag.toLowerCase()));
    const tag = tagOf(facts, (each) => wanted.has(each));
    return tag === undefined ? null : exempt("It bears a tag that the policy exempts.", { tag });
  },
  examples: { exempt: [{ tags: ["Team:Payroll"] }], not: [{ tags: [] }, { tags: ["HideApp"] }] },
};
