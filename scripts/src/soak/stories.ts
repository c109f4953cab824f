/** A seeded fault test that has a long form. */
export interface SoakStory {
  readonly name: string
  /** What its long form does. */
  readonly what: string
  /** The test file, from the root of the repository. */
  readonly file: string
  /** What makes it long. */
  readonly environment: Readonly<Record<string, string>>
  /** The variable that its seed is given by; null = nothing in it is random. */
  readonly seedVariable: string | null
}

/** The fault list, from the quickest to the longest. */
export const SOAK_STORIES: readonly SoakStory[] = [
  {
    name: 'faults',
    what: 'every provider fault at every place of a run',
    file: 'packages/core/test/market-data/provider-faults.test.ts',
    environment: { SOAK_FAULTS: '1' },
    seedVariable: 'SOAK_FAULTS_SEED',
  },
  {
    name: 'books',
    what: 'the accounting invariants over 10,000 random books',
    file: 'packages/core/test/pnl/invariants.test.ts',
    environment: { PNL_BOOKS: '10000' },
    seedVariable: 'PNL_SEED',
  },
  {
    name: 'csv',
    what: '20,000 mutated files of positions',
    file: 'packages/core/test/onboarding/mutated-csv.test.ts',
    environment: { SOAK_CSV: '20000' },
    seedVariable: 'SOAK_CSV_SEED',
  },
  {
    name: 'orders',
    what: 'a backfill of facts that came in 100 orders',
    file: 'packages/core/test/portfolios/any-order.test.ts',
    environment: { SOAK_ORDERS: '100' },
    seedVariable: 'ANY_ORDER_SEED',
  },
  {
    name: 'edits',
    what: '300 random edits of portfolios',
    file: 'packages/core/test/portfolio-edits/edits.test.ts',
    environment: { SOAK_EDITS: '300' },
    seedVariable: 'EDITS_SEED',
  },
  {
    name: 'uploads',
    what: '200 uploads while a night runs',
    file: 'packages/core/test/onboarding/interleaved.test.ts',
    environment: { SOAK_INTERLEAVED: '200' },
    seedVariable: 'SOAK_INTERLEAVED_SEED',
  },
  {
    name: 'statements',
    what: 'every SQL statement of a run fails once',
    file: 'packages/core/test/batch/interrupted-runs.test.ts',
    environment: { SOAK_STATEMENTS: '1000' },
    seedVariable: 'SOAK_STATEMENTS_SEED',
  },
  {
    name: 'locks',
    what: 'a run loses its lock at every COMMIT',
    file: 'packages/core/test/batch/lost-locks.test.ts',
    environment: { SOAK_LOCKS: '1000' },
    seedVariable: 'SOAK_LOCKS_SEED',
  },
  {
    name: 'commits',
    what: 'the connection breaks around every COMMIT',
    file: 'packages/core/test/batch/cut-commits.test.ts',
    environment: { SOAK_COMMITS: '1000' },
    seedVariable: 'SOAK_COMMITS_SEED',
  },
  {
    name: 'stops-portfolios',
    what: '100 times SIGTERM to a portfolio backfill',
    file: 'apps/portfolio-refresh/test/terminated-refreshes.test.ts',
    environment: { SOAK_STOPS: '100' },
    seedVariable: 'SOAK_STOPS_SEED',
  },
  {
    name: 'stops-symbols',
    what: '100 times SIGTERM to a symbol backfill',
    file: 'apps/symbol-batch/test/terminated-runs.test.ts',
    environment: { SOAK_STOPS: '100' },
    seedVariable: 'SOAK_STOPS_SEED',
  },
  {
    name: 'nights',
    what: 'a year of nights, a tenth of them faulty',
    file: 'packages/core/test/batch/faulty-nights.test.ts',
    environment: { SOAK_NIGHTS: '252' },
    seedVariable: 'SOAK_NIGHTS_SEED',
  },
  {
    name: 'starts',
    what: '100 pairs of starts at the same moment',
    file: 'apps/symbol-batch/test/one-at-a-time.test.ts',
    environment: { SOAK_STARTS: '100' },
    seedVariable: null,
  },
  {
    name: 'kills-portfolios',
    what: '200 kills of a portfolio backfill',
    file: 'apps/portfolio-refresh/test/killed-refreshes.test.ts',
    environment: { SOAK_KILLS: '200' },
    seedVariable: 'SOAK_KILLS_SEED',
  },
  {
    name: 'kills-symbols',
    what: '200 kills of a symbol backfill',
    file: 'apps/symbol-batch/test/killed-runs.test.ts',
    environment: { SOAK_KILLS: '200' },
    seedVariable: 'SOAK_KILLS_SEED',
  },
]
