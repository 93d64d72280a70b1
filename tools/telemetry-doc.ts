/** Writes docs/telemetry.md from the list of signals; with `--check`, fails when the file is not what it would write. */
import { writeOrCheck } from "./generated/write-or-check.ts";
import { telemetryText } from "./telemetry-doc/text.ts";

writeOrCheck("docs/telemetry.md", telemetryText(), "telemetry-doc");
