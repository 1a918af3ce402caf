import { testEngines } from "@hutong/database/testing";
import { messageStoreConformance } from "./conformance.ts";
import { openMessageBench } from "./support/message-bench.ts";

for (const engine of testEngines())
  messageStoreConformance(`SqlMessageStore on ${engine.name}`, () => openMessageBench(engine));
