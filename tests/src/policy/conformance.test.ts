import { createPolicy } from "#src/policy/create-policy.ts";
import { policyConformance } from "#tests/conformance/policy.ts";

policyConformance("random", (config) => createPolicy("random", config));
policyConformance("greedy", (config) => createPolicy("greedy", config));
policyConformance("lookahead", (config) => createPolicy("lookahead", config));
