/** Which Node runs the tests: said where nobody can be mistaken, and held to what the job was made for. */
import { expect, it } from "vitest";

it("runs on the Node that it is meant for", () => {
  const expected = process.env.TOURNIQUET_EXPECTED_NODE ?? "";
  console.log(`These tests run on Node ${process.version}${expected === "" ? "" : `, ${expected}x is expected`}.`);
  expect(process.version).toMatch(new RegExp(`^v${expected.replaceAll(".", "\\.")}`));
});
