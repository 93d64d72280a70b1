/** Compiles and lints the templates; a warning is a failure. Without a compiler one line says so, or it fails if TOURNIQUET_BICEP=required. */
import { compileAll } from "./bicep/compile.ts";
import { findCompiler } from "./bicep/compiler.ts";

const compiler = findCompiler();
if (compiler !== null) {
  const findings = compileAll(compiler, "infra");
  for (const line of findings) console.error(line);
  if (findings.length > 0) process.exitCode = 1;
} else if (process.env.TOURNIQUET_BICEP === "required") {
  console.error("No Bicep compiler was found, and one is required here: az bicep install");
  process.exitCode = 1;
} else {
  console.log("skipped: bicep (no compiler)");
}
