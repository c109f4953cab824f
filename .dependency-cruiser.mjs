/** Concepts of core whose computation must stay free of I/O. Their `store/` folders hold the SQL. */
const PURE =
  '^packages/core/src/(calendar|errors|regression|returns|factors|symbol-metrics|symbols|pnl|exposures|analytics|options-pricing|volatility|portfolio-returns|correlation|concentration|performance|stress|pnl-explain)/'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle between files means that neither can be read or tested without the other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'core-knows-no-app',
      comment: 'Apps and scripts use core, never the other way round.',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: '^(apps|scripts)/' },
    },
    {
      name: 'fake-market-is-apart',
      comment: 'It stands in for vendors: it knows nothing of ours, and no program knows it.',
      severity: 'error',
      from: { path: '^packages/fake-market/' },
      to: { path: '^(packages/core|apps|scripts)/' },
    },
    {
      name: 'programs-use-no-fake-market',
      comment: 'Only tests, benches and the operator start it.',
      severity: 'error',
      from: { path: '^(packages/core|apps)/' },
      to: { path: '^packages/fake-market/' },
    },
    {
      name: 'apps-are-apart',
      comment: 'Programs share code through core only.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'one-door-per-concept',
      comment: 'Apps and scripts enter a concept of core through its index.ts.',
      severity: 'error',
      from: { path: '^(apps|scripts)/[^/]+/src/|^scripts/src/' },
      to: { path: '^packages/core/src/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'pure-stays-pure',
      comment: 'Maths and rules import no database, no provider, no file system, no network.',
      severity: 'error',
      from: { path: PURE, pathNot: '/store/|/index\\.ts$' },
      to: {
        path: '^packages/core/src/(database|config|cli|batch)/|/store/|node_modules/(pg|kysely|pino)|^(node:)?(fs|net|http|https|child_process)(/|$)',
      },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/test/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
}
