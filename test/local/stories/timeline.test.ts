/** The timeline is read by people and pasted into reports: one line a happening, nothing that a terminal would obey. */
import { describe, expect, it } from "vitest";
import { stillOpen } from "../../../local/stories/closing.ts";
import { createHostLog } from "../../../local/stories/host-log.ts";
import { noticeOf } from "../../../local/stories/notice.ts";
import { linesOf } from "../../../local/stories/notice-lines.ts";
import { createTimeline, formatLine } from "../../../local/stories/timeline.ts";
import { notice, tool } from "./evidence.ts";

const plain = { colour: false, startedAt: 1_000, names: ["payroll", "tool"] };

describe("the timeline", () => {
  it("says when, how long after the risk record, what, to whom", () => {
    const line = { at: 62_540, what: "changed", who: "tool", text: "PATCH" } as const;
    expect(formatLine(line, plain, new Map([["tool", 61_000]]))).toBe(" 1:01.5    +1.54 s  changed   tool     PATCH");
    expect(formatLine(line, plain, new Map())).toBe(" 1:01.5             changed   tool     PATCH");
  });

  it("is told in the order of time, however it came in", () => {
    const printed: string[] = [];
    const timeline = createTimeline({ ...plain, write: (text) => printed.push(text) });
    timeline.tell({ at: 3_000, what: "done", who: "tool", text: "second" });
    timeline.tell({ at: 2_000, what: "found", who: "tool", text: "first" });
    timeline.flush(true);
    expect(printed.map((line) => line.trim().split(/\s+/).at(-1))).toEqual(["first", "second"]);
  });

  it("keeps names that attackers choose from moving the cursor or making lines of their own", () => {
    const line = { at: 1_000, what: "story", who: null, text: "named \u001b[2J\r\n 0:00.1 all is well" } as const;
    expect(formatLine(line, plain, new Map())).not.toMatch(/\p{Cc}/u);
  });
});

describe("what the app says", () => {
  it("is read from OCSF events, and anything else is nothing", () => {
    const unmapped = {
      event: "stage.deferred",
      urgency: "chat",
      identity: { appId: "a", servicePrincipalId: null },
      planId: null,
      data: {},
    };
    const event = { time: 5, message: "m", metadata: { uid: "u" }, unmapped };
    expect(noticeOf(Buffer.from(JSON.stringify(event)))).toMatchObject({
      uid: "u",
      at: 5,
      event: "stage.deferred",
      appId: "a",
    });
    for (const other of ["", "[]", "null", "{}", '{"time":1}']) expect(noticeOf(Buffer.from(other))).toBeNull();
  });

  it("has a line whatever is missing in it", () => {
    for (const event of [
      "finding.created",
      "stage.awaiting-approval",
      "stage.finished",
      "stage.failed",
      "identity.contained",
      "new.kind",
    ]) {
      expect(linesOf(notice({ event, data: {} })).every(({ text }) => text.length > 0)).toBe(true);
    }
  });

  it("leaves open what was asked or done and never ended", () => {
    const cast = new Map([["tool", tool]]);
    const asked = notice({ event: "stage.awaiting-approval" });
    const finished = notice({ event: "stage.finished" });
    expect(stillOpen([asked], cast).join("\n")).toMatch(/tool: contain of plan plan: awaiting-approval \(npm run tq/);
    expect(stillOpen([asked, finished], cast).join("\n")).toMatch(/done, not yet verified/);
    expect(stillOpen([asked, finished, notice()], cast).join("\n")).toMatch(/nothing/);
  });
});

describe("the host's log", () => {
  const host = (output: string[], errors: string[], pid = 1) => ({ pid, output: () => output, errors: () => errors });

  it("gives warnings and errors once, as sentences without their fields", () => {
    const output = [
      `{"level":"warning","message":"A checkpoint was late","fields":{"token":"x"}}`,
      `{"level":"information","message":"started"}`,
      "host ready {}",
    ];
    const errors = [`Graph did not answer {"planId":"p","key":"x"}`, "    at somewhere (file.ts:1:1)"];
    const log = createHostLog();
    expect(log.newTroubles(host(output, errors))).toEqual([
      "host warning: A checkpoint was late",
      "app: Graph did not answer",
    ]);
    expect(log.newTroubles(host(output, errors))).toEqual([]);
    expect(log.newTroubles(host([], ["again"], 2))).toEqual(["app: again"]);
  });
});
