/** One event, one line: an English sentence, then its fields as JSON, on an invocation's own log. */

import { redactField, redactText } from "../domain/redact.ts";
import type { LogFields, Logger } from "../ports/logger.ts";

/** What `InvocationContext` of @azure/functions offers, and anything alike. */
export interface LogSink {
  debug(...args: unknown[]): void;
  info(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
}

const maxTextLength = 2_000;

/** `base`: fields of every line, for example the function and the invocation; a line's own field of that name wins. */
export function createLogger(sink: LogSink, base: LogFields = {}): Logger {
  const line = (message: string, fields: LogFields = {}) => toLine(message, { ...base, ...fields });
  return {
    debug: (message, fields) => sink.debug(line(message, fields)),
    info: (message, fields) => sink.info(line(message, fields)),
    warn: (message, fields) => sink.warn(line(message, fields)),
    error: (message, fields) => sink.error(line(message, fields)),
  };
}

function toLine(message: string, fields: LogFields): string {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  const clean = shown.map(([name, value]) => [
    redactText(name),
    typeof value === "string" ? short(redactField(name, value)) : value,
  ]);
  const sentence = short(redactText(message)).replace(/\p{Cc}+/gu, " ");
  return clean.length === 0 ? sentence : `${sentence} ${JSON.stringify(Object.fromEntries(clean))}`;
}

function short(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}
