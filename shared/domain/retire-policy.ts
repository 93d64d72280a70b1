/** The part of the policy about identities that nobody uses: what counts as unused, how slowly they go, and what is held. */
import { z } from "zod";
import { Guid } from "./identity.ts";
import { Night } from "./night.ts";

const days = z.number().positive().max(1_000);
const instant = z.iso.datetime({ offset: true }).or(z.iso.date());

const Hold = z.strictObject({
  id: Guid.describe("object id or appId, never a name"),
  until: instant.describe("date, or date and time, at which the hold ends"),
  reason: z.string().min(1).describe("why; it is shown with the identity"),
});

const Fields = z.strictObject({
  unusedDays: days
    .min(30)
    .default(90)
    .describe("days without any use, as client or resource, after which it is unused"),
  rareDays: days
    .min(90)
    .default(400)
    .describe(
      "the same for what is privileged, and for what was once quiet for longer than unusedDays: a yearly job runs once in them",
    ),
  minAgeDays: days.default(90).describe("what is younger is not looked at: it may not have begun"),
  dryDays: z
    .number()
    .min(0)
    .max(365)
    .default(14)
    .describe("days for which every scan must find it unused before anybody is told"),
  noticeDays: z.number().min(1).max(365).default(14).describe("days its owners have before it is disabled"),
  disabledDays: z
    .number()
    .min(1)
    .max(365)
    .default(30)
    .describe("days it stays disabled, to see who misses it, before it is deleted softly"),
  perDay: z
    .number()
    .int()
    .nonnegative()
    .default(10)
    .describe("identities begun, disabled or deleted in one day, each counted by itself"),
  percent: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe("the same of the enabled service principals that are not Microsoft's; never below one"),
  workingHours: Night.optional().describe(
    "hours in which it happens, on workingDays; outside of them people decide. Without it at any hour",
  ),
  workingDays: z
    .array(z.enum(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))
    .min(1)
    .default(["Mon", "Tue", "Wed", "Thu"])
    .describe("days on which it happens: never before a weekend unless you say so"),
  coveragePercent: z
    .number()
    .min(0)
    .max(100)
    .default(40)
    .describe(
      "share of the enabled applications that the sign-in report must have a row of; below it a scan only reports",
    ),
  exemptTags: z
    .array(z.string())
    .default([])
    .describe("tags of applications and service principals that are never retired"),
  credentials: z
    .strictObject({
      unusedDays: days
        .min(30)
        .default(180)
        .describe("days without use after which a credential is proposed for removal, if another one is used"),
      expiredDays: days.default(30).describe("days after its expiry at which it is proposed for removal"),
    })
    .default({ unusedDays: 180, expiredDays: 30 })
    .describe("credentials of identities that are used"),
  holds: z.array(Hold).default([]).describe("identities that are left alone until a day, each with its reason"),
});

const shortestHoursMs = 3600_000;

/** What is allowed line by line and makes no sense together: said at start, not found out after a year. */
export const RetirePolicy = Fields.superRefine((policy, context) => {
  const wrong = (path: (string | number)[], input: unknown, message: string) =>
    context.addIssue({ code: "custom", path, input, message });
  const { unusedDays, rareDays, workingHours, holds } = policy;
  if (rareDays < unusedDays) {
    wrong(
      ["rareDays"],
      rareDays,
      `what is used rarely needs no less than unusedDays (${unusedDays}): write ${unusedDays} or more`,
    );
  }
  if (workingHours !== undefined && lengthMs(workingHours) < shortestHoursMs) {
    wrong(
      ["workingHours"],
      workingHours,
      "write a time of at least an hour: the writer would hardly meet a shorter one",
    );
  }
  for (const [index, { id }] of holds.entries()) {
    if (holds.findIndex((one) => one.id === id) < index) {
      wrong(["holds", index, "id"], id, "it is held above already: write one line for it, with the later day");
    }
  }
});
export type RetirePolicy = z.infer<typeof RetirePolicy>;
export const defaultRetirePolicy: RetirePolicy = RetirePolicy.parse({});

/** Over midnight where it ends before it begins. */
function lengthMs({ from, to }: Night): number {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return ((minutes(to) - minutes(from) + 24 * 60) % (24 * 60)) * 60_000;
}
