// A process of its own that owns partition 0 of "signals" at level 9, says so with a line, and waits to be killed.
import { EventHubConsumerClient, earliestEventPosition } from "@azure/event-hubs";

const client = new EventHubConsumerClient("$Default", process.argv[2] ?? "", "signals");
client.subscribe(
  "0",
  {
    processEvents: async (events) => {
      if (events.length > 0) {
        process.stdout.write("reading\n");
      }
    },
    processError: async (error) => {
      process.stderr.write(`${error.message}\n`);
    },
  },
  { startPosition: earliestEventPosition, ownerLevel: 9 },
);
