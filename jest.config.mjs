/** @type {import('jest').Config} */
export default {
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: [
    '<rootDir>/{apps,packages}/*/test/**/*.test.ts',
    '<rootDir>/scripts/test/**/*.test.ts',
  ],
  globalSetup: '<rootDir>/packages/core/test/harness/global-setup.ts',
  // Tests mostly wait for PostgreSQL and for programs they started: a worker per core is not too many.
  maxWorkers: '100%',
  // Only what hangs should ever meet it, also on a machine that is busy with other things.
  testTimeout: 180_000,
}
