/** An archive of events in Avro. */
import avro from "avsc";

/** As Event Hubs Capture writes it. */
export async function capture(bodies: readonly string[], codec = "null"): Promise<Buffer> {
  const schema = {
    type: "record" as const,
    name: "EventData",
    namespace: "Microsoft.ServiceBus.Messaging",
    fields: [
      { name: "SequenceNumber", type: "long" },
      { name: "Offset", type: "string" },
      { name: "EnqueuedTimeUtc", type: "string" },
      { name: "Body", type: ["null", "bytes"] },
    ],
  };
  const encoder = new avro.streams.BlockEncoder(avro.Type.forSchema(schema), { codec });
  const chunks: Buffer[] = [];
  encoder.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => encoder.on("end", resolve));
  bodies.forEach((body, i) => {
    encoder.write({
      SequenceNumber: i,
      Offset: String(i),
      EnqueuedTimeUtc: "3/4/2026 1:00:00 PM",
      Body: Buffer.from(body),
    });
  });
  encoder.end();
  await ended;
  return Buffer.concat(chunks);
}
