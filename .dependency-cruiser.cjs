/**
 * Who may import whom (CONTRIBUTING.md, "The house"). Every list below is an allow-list: what is not named is refused, so a new
 * folder or package has to be let in here, on purpose.
 */

const inside = ["domain", "ports"];
const pure = ["records", "detections", "playbooks", "actions", "guardrails", "exemptions"];
/** Who reads addresses and ranges by Node's own rules. */
const addresses = "^shared/(records/sign-in|detections/support/ranges)[.]ts$";
const adapters = ["graph", "azure", "state", "messaging", "telemetry", "config"];

/** What each folder of shared/ may import of shared/, besides itself. */
const arrows = {
  domain: [],
  api: ["domain"],
  ports: ["domain"],
  records: inside,
  detections: inside,
  actions: inside,
  guardrails: inside,
  exemptions: ["domain"],
  playbooks: [...inside, "actions"], // the one sideways import
  engine: [...inside, ...pure],
  ...Object.fromEntries(adapters.map((adapter) => [adapter, inside])),
};

/** Which part of shared/ and functions/ may load which package as a value; a type costs nothing and is free to adapters. */
const owners = {
  "@azure/functions": "^functions/",
  "@azure/event-hubs": "^shared/messaging/",
  "@azure/data-tables": "^shared/state/",
  "@azure/identity": "^shared/azure/",
  "@microsoft/microsoft-graph-client": "^shared/graph/",
  "@opentelemetry/api": "^shared/telemetry/",
  yaml: "^shared/config/",
};

/** What the app itself may load; the rest of node_modules is for development. */
const runtime = Object.keys(require("./package.json").dependencies);

/** Libraries that only compute: the inside may use these. */
const plain = ["zod", "p-limit", "canonicalize"];

const folder = (names) => `^shared/(${names.join("|")})/`;
const npm = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown", "npm-bundled"];
const packages = (names) => `^node_modules/(${names.join("|")})(/|$)`;

const arrowRules = Object.entries(arrows).map(([name, targets]) => ({
  name: `${name}-imports`,
  comment: `shared/${name} imports ${["itself", ...targets].join(", ")}, and nothing else of shared/`,
  severity: "error",
  from: { path: folder([name]) },
  to: { path: "^shared/", pathNot: folder([name, ...targets]) },
}));

const ownerRules = Object.entries(owners).map(([name, owner]) => ({
  name: `owner-of-${name.replace(/^@/, "").replace("/", "-")}`,
  comment: `only ${owner} loads ${name}: one technology, one adapter`,
  severity: "error",
  from: { path: "^(shared|functions)/", pathNot: owner },
  to: { path: packages([name]), dependencyTypesNot: ["type-only"] },
}));

const rules = [
  {
    name: "no-circular",
    comment: "a circle has no inside",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-unresolvable",
    comment: "an import that leads nowhere hides everything behind it from these rules",
    severity: "error",
    from: {},
    // the Functions host provides this module at run time
    to: { couldNotResolve: true, pathNot: "^@azure/functions-core$" },
  },
  {
    name: "no-orphans",
    comment: "nothing imports it and it imports nothing: delete it, or it is an entry point to be named here",
    severity: "error",
    from: {
      orphan: true,
      pathNot: [
        "^(functions|local|bench)/main\\.ts$",
        "^local/(host/main|login)\\.ts$",
        "^tools/",
        "^test/",
        "\\.d\\.ts$",
      ],
    },
    to: {},
  },
  {
    name: "known-folders-only",
    comment: "a new folder of shared/ needs its arrows drawn here first",
    severity: "error",
    from: { path: "^shared/", pathNot: [folder(Object.keys(arrows)), "^shared/compose\\.ts$"] },
    to: {},
  },
  {
    name: "functions-imports",
    comment: "triggers know the composed app, its configuration and the inside; never an adapter's constructor",
    severity: "error",
    from: { path: "^functions/" },
    to: { path: "^shared/", pathNot: ["^shared/compose\\.ts$", folder([...inside, "api", "engine", "config"])] },
  },
  {
    name: "only-compose-composes",
    comment: "compose.ts is the outermost part of shared/: what is inside never reaches for it",
    severity: "error",
    from: { path: "^shared/", pathNot: "^shared/compose\\.ts$" },
    to: { path: "^shared/compose\\.ts$" },
  },
  {
    name: "shared-is-inside",
    comment: "shared/ knows nothing of what is built around it, local/ least of all",
    severity: "error",
    from: { path: "^shared/" },
    to: { path: "^(functions|local|bench|test|tools)/" },
  },
  {
    name: "functions-are-production",
    comment: "what is deployed never imports what is not",
    severity: "error",
    from: { path: "^functions/" },
    to: { path: "^(local|bench|test|tools)/" },
  },
  {
    name: "local-knows-nothing",
    comment: "the twin must not repeat our mistakes: local/ imports nothing of ours but itself",
    severity: "error",
    from: { path: "^local/" },
    to: { path: "^(shared|functions|bench|test|tools)/" },
  },
  {
    name: "tools-import-shared",
    comment: "tools are built on shared/ only; local/ is for tests and benchmarks",
    severity: "error",
    from: { path: "^tools/" },
    to: { path: "^(functions|local|bench|test)/" },
  },
  {
    name: "nothing-imports-test",
    comment: "no source knows that it is tested",
    severity: "error",
    from: { pathNot: "^test/" },
    to: { path: "^test/" },
  },
  {
    name: "nothing-imports-bench",
    comment: "benchmarks are an end, not a beginning",
    severity: "error",
    from: { pathNot: "^(bench|test)/" },
    to: { path: "^bench/" },
  },
  {
    name: "domain-is-plain",
    comment: "shared/domain imports zod, node:crypto and itself",
    severity: "error",
    from: { path: "^shared/domain/" },
    to: { dependencyTypes: [...npm, "core"], pathNot: [packages(["zod"]), "^(node:)?crypto$"] },
  },
  {
    name: "the-inside-does-no-io",
    comment: "rules and the engine act through ports; of Node they use hashing, buffers and util",
    severity: "error",
    from: { path: folder(["api", "ports", "engine", ...pure]), pathNot: addresses },
    to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|buffer|util)$" },
  },
  {
    name: "addresses-are-compared-not-connected-to",
    comment: "of net these use isIP and BlockList, which only compute",
    severity: "error",
    from: { path: addresses },
    to: { dependencyTypes: ["core"], pathNot: "^(node:)?net$" },
  },
  {
    name: "the-inside-has-no-sdk",
    comment: "of packages the inside uses those that only compute; an SDK, even as a type, belongs to its adapter",
    severity: "error",
    from: { path: folder(["api", "ports", "engine", ...pure]) },
    to: { dependencyTypes: npm, pathNot: packages(plain) },
  },
  {
    name: "declared-dependencies",
    comment: "what is deployed loads only packages named under dependencies in package.json (types excepted)",
    severity: "error",
    from: { path: "^(shared|functions)/" },
    to: { dependencyTypes: npm, dependencyTypesNot: ["type-only"], pathNot: packages(runtime) },
  },
];

module.exports = {
  forbidden: [...arrowRules, ...ownerRules, ...rules],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|coverage)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
