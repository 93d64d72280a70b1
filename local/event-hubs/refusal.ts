// Reasons to refuse a link, a message or a request, with the AMQP conditions that Event Hubs answers with.

export interface Refusal {
  condition: string;
  description: string;
}

export function isRefusal(value: object): value is Refusal {
  return "condition" in value;
}

export function entityNotFound(entity: string): Refusal {
  return { condition: "amqp:not-found", description: `The messaging entity '${entity}' could not be found.` };
}

export function noSuchPartition(partitionId: string, partitions: number): Refusal {
  return {
    condition: "com.microsoft:argument-out-of-range",
    description:
      `The specified partition is invalid for an EventHub partition sender or receiver. ` +
      `It should be between 0 and ${partitions - 1}, not '${partitionId}'.`,
  };
}

export function notAuthorised(what: string): Refusal {
  return { condition: "amqp:unauthorized-access", description: `${what}: put a token to $cbs first.` };
}

export function invalidArgument(description: string): Refusal {
  return { condition: "com.microsoft:argument-error", description };
}

export function messageTooLarge(bytes: number, limit: number): Refusal {
  return {
    condition: "amqp:link:message-size-exceeded",
    description: `The message (size:${bytes} bytes) exceeds the maximum size of ${limit} bytes.`,
  };
}

export function stolen(description: string): Refusal {
  return { condition: "amqp:link:stolen", description };
}
