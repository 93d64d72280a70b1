/** What the Table Storage SDK throws → our two kinds of failure, and the conflicts, which are values. */
import { RestError } from "@azure/data-tables";
import { RetryableError, TerminalError } from "../domain/errors.ts";

/** Lost races: the row is there already, is gone, or has another ETag. */
const conflictCodes = new Set(["EntityAlreadyExists", "ResourceNotFound", "UpdateConditionNotMet", "EntityNotFound"]);

/** True when storage refused because a row was not in the expected version. */
export function isConflict(error: unknown): boolean {
  if (!(error instanceof RestError)) return false;
  if (error.statusCode === 412) return true;
  return (error.statusCode === 404 || error.statusCode === 409) && conflictCodes.has(storageCode(error) ?? "");
}

/** True when the entity (not the table) is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404 && isConflict(error);
}

/**
 * Terminal is only what the data is to blame for: the caller turns that into a dead letter and goes on. Refused access
 * (401, 403) and a missing table are retryable on purpose: role assignments need minutes to arrive, firewall rules and
 * tables get mended, and no record may be given up for it while the partition can simply wait.
 */
export function toStorageError(error: unknown): unknown {
  if (error instanceof RetryableError || error instanceof TerminalError || !(error instanceof Error)) return error;
  if (error instanceof RestError) return fromResponse(error);
  if (error.name === "AbortError") return retryable("Table Storage did not answer in time.", "storage-timeout", error);
  if (/Authentication|Credential/.test(error.name)) {
    return retryable("No token for Table Storage; is the managed identity assigned?", "storage-no-token", error);
  }
  return error;
}

/** Runs one call of the SDK with its errors mapped; `recover` may turn a failure into a value first. */
export async function storageCall<T>(
  call: () => Promise<T>,
  recover?: (error: unknown) => { value: T } | null,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const recovered = recover?.(error) ?? null;
    if (recovered !== null) return recovered.value;
    throw toStorageError(error);
  }
}

function fromResponse(error: RestError): RetryableError | TerminalError {
  const status = error.statusCode ?? 0;
  const code = storageCode(error);
  if (status === 400 || status === 413) {
    return new TerminalError(`Table Storage refuses the data: ${code ?? status}.`, {
      code: `storage-refused-${code ?? status}`,
      cause: error,
    });
  }
  if (status === 401 || status === 403) {
    return retryable(
      `Table Storage refuses access (${code ?? status}); give the identity "Storage Table Data Contributor" and check the firewall.`,
      "storage-access",
      error,
    );
  }
  if (status === 0)
    return retryable(`Table Storage is unreachable (${error.code ?? "no answer"}).`, "storage-unreachable", error);
  return retryable(
    `Table Storage answered ${status} ${code ?? ""}.`,
    status === 429 ? "storage-throttled" : `storage-${code ?? status}`,
    error,
  );
}

function retryable(message: string, code: string, cause: Error): RetryableError {
  return new RetryableError(message, { code, cause });
}

/** The service's own code; single calls carry it in `details`, transactions in `code`. */
function storageCode(error: RestError): string | undefined {
  const details = error.details as { odataError?: { code?: unknown }; code?: unknown } | undefined;
  const found = [details?.odataError?.code, details?.code, error.code].find((code) => typeof code === "string");
  return typeof found === "string" ? found : undefined;
}
