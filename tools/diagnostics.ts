/** `npm run diagnostics -- …`: see its --help. */
import { endWithReader } from "./broken-pipe.ts";
import { run } from "./diagnostics/run.ts";

endWithReader();
process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  out: (text) => console.log(text),
  err: (text) => console.error(text),
});
