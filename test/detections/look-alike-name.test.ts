/** Names that people read as Microsoft's, and names that only look a little like them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { imitates } from "../../shared/detections/support/look-alike.ts";

describe("a name that imitates one of Microsoft's", () => {
  test.each([
    ["rnicrosoft_office", "Microsoft"],
    ["rnicrosoft", "Microsoft"],
    ["Micrs0ft Exhange", "Microsoft"],
    ["Exhange backup", "Exchange"],
    ["Mircosoft login", "Microsoft"],
    ["Mícrosoft", "Microsoft"],
    ["M\u0456cr\u043es\u043eft 365", "Microsoft"],
    ["Micro\u200bsoft", "Microsoft"],
    ["Ｍicrosoft", "Microsoft"],
    ["MICR0S0FT", "Microsoft"],
    ["Microsoft 0ffice", "Office"],
    ["Tearns connector", "Teams"],
    ["Offlce 365", "Office"],
    ["Az\u03c5re Backup", "Azure"],
    ["0utl00k", "Outlook"],
    ["0neDrive", "OneDrive"],
    ["Share\u0440oint", "SharePoint"],
    ["3ntra ID", "Entra"],
    // capitals of which the small letter looks like none of ours
    ["\u039cicrosoftTeams", "Microsoft"],
    ["E\u0425C\u041dANGE", "Exchange"],
    ["\u039fFFICE 365", "Office"],
    ["Micro5oft", "Microsoft"],
  ])("%s reads as %s", (name, brand) => {
    expect(imitates(name)).toBe(brand);
  });

  test.each([
    "Microsoft Graph",
    "microsoft office",
    "Azure Functions",
    "Officer training",
    "Office hours",
    "Team calendar",
    "Team5 pipeline",
    "dev-team5",
    "Extra storage",
    "Entry control",
    "Sharepoint",
    "Exchange Online migration",
    "Modern learning",
    "Payroll export",
    "Zahlungsverkehr",
    "1",
    "",
  ])("%s is itself", (name) => {
    expect(imitates(name)).toBeNull();
  });
});

test("any text is read, and nothing that a plain name says is taken for an imitation of that", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 400 }),
      fc.constantFrom("Microsoft", "Outlook"),
      (text, brand) => {
        expect(() => imitates(text)).not.toThrow();
        expect(imitates(`${brand}${text}`)).not.toBe(brand);
      },
    ),
  );
});

test("one wrong letter in a long name still reads as it", () => {
  const brand = fc.constantFrom("Microsoft", "SharePoint", "Outlook", "Exchange");
  fc.assert(
    fc.property(brand, fc.nat(), fc.constantFrom("out", "twice", "else"), (name, at, how) => {
      const i = 1 + (at % (name.length - 1));
      const wrong = { out: "", twice: `${name[i]}${name[i]}`, else: "q" }[how];
      const changed = `${name.slice(0, i)}${wrong}${name.slice(i + 1)}`;
      fc.pre(!changed.toLowerCase().includes(name.toLowerCase()));
      expect(imitates(`The ${changed} thing`)).toBe(name);
    }),
  );
});
