/** What every implementation of the stores does; run over the memory double and over Table Storage. */
import { describe } from "vitest";
import { baselineLaws } from "./baseline-store.contract.ts";
import { changeLaws } from "./change-store.contract.ts";
import type { Opened } from "./contract-support.ts";
import { dueLaws } from "./due-store.contract.ts";
import { identityLaws, ledgerLaws, raceLaws } from "./identity-store.contract.ts";
import { reservationLaws, timerLaws } from "./shared-row-stores.contract.ts";
import { smallLaws } from "./small-stores.contract.ts";

export function storesContract(name: string, opened: () => Opened): void {
  describe(name, () => {
    identityLaws(opened);
    ledgerLaws(opened);
    raceLaws(opened);
    dueLaws(opened);
    smallLaws(opened);
    reservationLaws(opened);
    timerLaws(opened);
    changeLaws(opened);
    baselineLaws(opened);
  });
}
