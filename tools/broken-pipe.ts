/** Who reads only the beginning of a report (head, less) has seen enough. */

/** Ends the process in peace once nobody reads standard output any more. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}
