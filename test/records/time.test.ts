import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTime } from "../../shared/records/time.ts";

describe("parseTime", () => {
  test.each([
    ["01/09/2007 09:41:00", "2007-01-09T09:41:00.000Z"],
    ["1/9/2007 09:41:00", "2007-01-09T09:41:00.000Z"],
    ["01/09/2007 09:41:00 AM", "2007-01-09T09:41:00.000Z"],
    ["1/9/2007, 9:41:00.123 PM", "2007-01-09T21:41:00.123Z"],
    ["1/9/2007 9:41:00 PM", "2007-01-09T21:41:00.000Z"],
    ["8/22/2022 12:05:00 AM", "2022-08-22T00:05:00.000Z"],
    ["8/22/2022 12:05:00 PM", "2022-08-22T12:05:00.000Z"],
    ["8/22/2022 6:11:52\u202fPM", "2022-08-22T18:11:52.000Z"],
    ["1/9/2007 10:41:00 AM +01:00", "2007-01-09T09:41:00.000Z"],
    ["2007-01-09T09:41:00", "2007-01-09T09:41:00.000Z"],
    ["2007-01-09T09:41:00.22Z", "2007-01-09T09:41:00.220Z"],
    ["2007-01-09T09:41:00.6816663Z", "2007-01-09T09:41:00.681Z"],
    ["2007-01-09T09:41:00.535404056Z", "2007-01-09T09:41:00.535Z"],
    ["2007-01-09T11:41:00+02:00", "2007-01-09T09:41:00.000Z"],
    ["2007-01-09T00:11:00-0530", "2007-01-09T05:41:00.000Z"],
    ["2022-09-09T8:48:50.361Z", "2022-09-09T08:48:50.361Z"],
    ["2026-03-02T09:41:00.2279838+00:00", "2026-03-02T09:41:00.227Z"],
    ["2021-10-26T16:28:17.8202975Z)", "2021-10-26T16:28:17.820Z"],
    ["2023-07-26 22:58:30.983201900", "2023-07-26T22:58:30.983Z"],
  ])("reads %j as UTC", (spelling, iso) => {
    expect(parseTime(spelling)).toBe(iso);
  });

  test.each([
    "",
    "yesterday",
    "2021-02-30T00:00:00Z",
    "13/13/2021 1:00:00 AM",
    "2021-01-01T25:00:00Z",
    "2021-01-01T24:00:00Z",
    "1969-12-31T23:59:59Z",
    "1/1/2021 13:00:00 PM",
  ])("does not take %j for a time", (text) => expect(parseTime(text)).toBeNull());

  test("reads back every time that Entra may write, to the millisecond", () => {
    const date = fc.date({ min: new Date(0), max: new Date("9999-01-01T00:00:00Z"), noInvalidDate: true });
    fc.assert(
      fc.property(date, (at) => {
        expect(parseTime(at.toISOString())).toBe(at.toISOString());
      }),
    );
  });

  test("answers a time or null for anything at all", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseTime(value) ?? "null").toMatch(/^(\d{4}-.*Z|null)$/);
      }),
    );
  });
});
