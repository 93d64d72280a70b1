/** Examples of a credential that is used at once: both halves, in either order of arrival. */
import type { EventOf } from "../../domain/event.ts";
import { auditExample, credentialExample, exampleKey, exampleSubject } from "./examples.ts";
import { daysBefore, exampleBaseline, minutesBefore, signInExample } from "./sign-in-examples.ts";

const [oldKey, newKey, unusedKey] = [
  "2d6c8b0e-4b57-43f0-9d3c-7a1f2c5e8b10",
  "11ca002d-d846-4692-8e1f-501db99f485a",
  "b1f8a5a6-6f0e-4f0a-8f5e-0c9d7b6a5e43",
] as const;
const addedAt = new Date(minutesBefore(12)).toISOString();

/** Two keys came twelve minutes before the examples, and one of them is used; another has been in use for long. */
const baseline = exampleBaseline({
  key: { [oldKey]: [daysBefore(40), minutesBefore(0)], [newKey]: [minutesBefore(0), minutesBefore(0)] },
  "key-added": {
    [oldKey]: [daysBefore(41), daysBefore(41)],
    [newKey]: [minutesBefore(12), minutesBefore(12)],
    [unusedKey]: [minutesBefore(12), minutesBefore(12)],
  },
  "credential-type": {
    clientsecret: [daysBefore(40), minutesBefore(0)],
    federatedidentitycredential: [minutesBefore(0), minutesBefore(0)],
  },
  federated: { tuple: [minutesBefore(12), minutesBefore(12)] },
});

const tuple = { issuer: "https://idp.example", subject: "worker", expression: null, audiences: ["api://exchange"] };
const federated = (change: Partial<EventOf<"federated-credentials-changed">>) =>
  auditExample(
    "federated-credentials-changed",
    { object: "application", objectId: exampleSubject.servicePrincipalId, added: [tuple], removed: [], before: 0 },
    { occurredAt: addedAt, ...change },
  );
const added = (keyId: string, change: Partial<EventOf<"credentials-changed">> = {}) =>
  credentialExample({ occurredAt: addedAt, added: [exampleKey({ keyId })], ...change });
const throughIssuer = { credentialType: "federatedIdentityCredential", credentialKeyId: null };

export const examples = {
  facts: { baseline },
  match: [
    signInExample({ credentialKeyId: newKey }),
    // the audit record comes late: the sign-in was seen already
    added(newKey),
    signInExample(throughIssuer),
    federated({}),
  ],
  ignore: [
    signInExample({ credentialKeyId: oldKey }),
    // hours later it is a credential like any other
    signInExample({ credentialKeyId: newKey, occurredAt: "2026-03-02T12:41:00.000Z" }),
    signInExample({ credentialKeyId: newKey, errorCode: 7000215 }),
    signInExample({ credentialKeyId: null }),
    added(unusedKey),
    added(newKey, { succeeded: false }),
    federated({ added: [], removed: [tuple] }),
    // another change of them, long ago
    federated({ occurredAt: "2026-02-02T09:41:00.000Z" }),
  ],
};
