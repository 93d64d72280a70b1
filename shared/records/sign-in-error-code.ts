/** The error code of a sign-in record, which may be a number or text, on top or in `status`. */
import { type Fields, field, isFields, propertiesOf, structured } from "./fields.ts";

/** 0 is success; null where the record does not say. */
export function signInErrorCode(record: Fields): number | null {
  const onTop = wholeNumber(field(record, "resultType"));
  if (onTop !== null) return onTop;
  const status = structured(field(propertiesOf(record), "status"));
  return isFields(status) ? wholeNumber(field(status, "errorCode")) : null;
}

// Number() of an object would walk it, and a hostile one is nested deeper than the stack
function wholeNumber(value: unknown): number | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : null;
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
