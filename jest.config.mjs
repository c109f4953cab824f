/** @type {import('jest').Config} */
export default {
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: [
    '<rootDir>/{apps,packages}/*/test/**/*.test.ts',
    '<rootDir>/scripts/test/**/*.test.ts',
  ],
  globalSetup: '<rootDir>/packages/core/test/harness/global-setup.ts',
  testTimeout: 60_000,
}
