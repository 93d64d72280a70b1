/** Writes docs/detections.md from the detection files; with `--check`, fails when the file is not what it would write. */
import { fileURLToPath } from "node:url";
import { loadPolicy } from "../shared/config/policy-file.ts";
import { detections, playbooks } from "../shared/engine/registry.ts";
import { detectionsText } from "./detections-doc/text.ts";
import { writeOrCheck } from "./generated/write-or-check.ts";

const shipped = loadPolicy(fileURLToPath(new URL("../policy.yaml", import.meta.url)));
writeOrCheck("docs/detections.md", detectionsText(detections, playbooks, shipped), "detections-doc");
