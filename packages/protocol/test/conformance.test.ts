import { wireProtocolConformance } from "@hutong/testing";
import { WIRE_PROTOCOLS } from "./read-vectors.ts";

for (const [name, wireProtocol] of WIRE_PROTOCOLS) wireProtocolConformance(name, wireProtocol);
