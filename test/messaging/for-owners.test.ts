/** What owners get to read in each product, and how each one knows them. */
import { describe, expect, it } from "vitest";
import { toOcsf } from "../../shared/messaging/ocsf.ts";
import { newsMessage } from "../../shared/messaging/slack-blocks.ts";
import { incidentMessage } from "../../shared/messaging/teams-card.ts";
import { createWebhookNotifier } from "../../shared/messaging/webhook-notifier.ts";
import type { Notice } from "../../shared/ports/outbox.ts";
import { channelDouble } from "../support/channel-double.ts";
import { notice } from "./notices.ts";
import { tellingOf } from "./tellings.ts";

const publicUrl = "https://t.example";
const [alice, bob] = ["aaaaaaaa-1111-4000-8000-000000000001", "aaaaaaaa-1111-4000-8000-000000000002"];
const keep = "https://t.example/api/unused/appId%3Aaaaaaaaa-0000-4000-8000-000000000003/keep";

const told: Notice = {
  ...notice,
  event: "unused.told",
  severity: "low",
  message: "service principal aaaaaaaa-0000-4000-8000-000000000002 will be disabled",
  recipients: [alice.toUpperCase(), bob, alice, "<at>everybody</at>"],
  data: {},
};

function cardOf(some: Notice, url: string | null = publicUrl) {
  const [attachment] = incidentMessage(tellingOf(some), [some], { publicUrl: url, messageId: null }).attachments;
  return attachment?.content as Record<string, unknown> & { msteams: { entities?: unknown } };
}

describe("owners", () => {
  it("are mentioned in Teams by their object ids, each once, with the page where they keep it first", () => {
    const { msteams, actions, body } = cardOf(told);
    expect(msteams.entities).toEqual(
      [alice, bob].map((id) => ({ type: "mention", text: `<at>${id}</at>`, mentioned: { id, name: id } })),
    );
    expect(actions).toEqual([
      { type: "Action.OpenUrl", title: "Keep it", url: keep },
      { type: "Action.OpenUrl", title: "Open the run", url: "https://t.example/api/runs/p-1" },
    ]);
    expect(JSON.stringify(body)).toContain(`<at>${alice}</at>, <at>${bob}</at>`);
    expect(JSON.stringify(body)).not.toContain("everybody");
  });

  it("are named in Slack by their ids, which it cannot mention, and get the same link", () => {
    const shown = JSON.stringify(newsMessage([told], publicUrl).blocks);
    expect(shown).toContain(`Slack knows them by other ones)\\n${alice}\\n${bob}`);
    expect(shown).toContain(`<${keep}|Keep it>`);
    expect(shown).not.toContain("<@");
  });

  it("are handed to a webhook as ids, for whoever writes the mail", async () => {
    const { url, received } = await channelDouble(() => ({ status: 200 }));
    const secret = null;
    await createWebhookNotifier({ url, secret, publicUrl, timeoutMs: 2_000, now: () => 0 }).tell(tellingOf(told));
    const { text, data } = JSON.parse(received[0]?.body ?? "{}");
    expect(data).toMatchObject({ keep, recipients: [{ objectId: alice }, { objectId: bob }] });
    expect(text).toContain(`- ${alice}`);
    expect(text).toContain(`Keep it: ${keep}`);
  });

  it("get no link to keep what is over, or where nobody said how the app is reached", () => {
    const over = JSON.stringify(cardOf({ ...told, event: "unused.gone" }));
    expect(over).not.toContain("/keep");
    expect(over).toContain(`<at>${alice}</at>`);
    expect(cardOf(told, null).actions).toBeUndefined();
  });

  it("of many, ten are named and the rest is counted", () => {
    const many = Array.from({ length: 14 }, (_, at) => `aaaaaaaa-1111-4000-8000-${String(at).padStart(12, "0")}`);
    const card = cardOf({ ...told, recipients: many });
    expect(card.msteams.entities).toHaveLength(10);
    expect(JSON.stringify(card)).toContain("and 4 more");
  });

  it("and news of disuse reach a SIEM: of an incident as its update, of the whole tenant as a finding", () => {
    const update = toOcsf(told, 0);
    expect(update).toMatchObject({ class_uid: 2005, activity_id: 2, metadata: { event_code: "unused.told" } });
    expect(update.unmapped).toMatchObject({ recipients: told.recipients });
    const nobody = { key: notice.identity.key, appId: null, servicePrincipalId: null };
    const summary = { ...told, event: "unused.summary", incidentId: null, planId: null, identity: nobody };
    expect(toOcsf(summary, 0)).toMatchObject({ class_uid: 2004, activity_id: 99 });
  });
});
