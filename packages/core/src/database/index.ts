export {
  copyUpsert,
  deleteUnstaged,
  deleteUnstagedLots,
  holdRows,
  stageRows,
  upsertFromStage,
  type CopyRow,
  type HeldRows,
  type UpsertCounts,
  type WrittenRows,
} from './bulk/index.ts'
export { connect, lockUrlOf, type DatabaseSettings } from './connect.ts'
export {
  embeddedPostgresStatus,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from './embedded/index.ts'
export { withDelayedCommits } from './delayed-commits.ts'
export { dropDatabase } from './drop-database.ts'
export { ensureDatabase } from './ensure-database.ts'
export {
  isLockFree,
  tryAdvisoryLock,
  tryAdvisoryLocks,
  type HeldConnection,
  type HeldLock,
} from './locks/index.ts'
export { assertSchemaCurrent, migrateToLatest, schemaState } from './migrate.ts'
export { openDatabase, type Database, type OpenOptions } from './open-database.ts'
export { writeSchemaFile } from './schema-dump/schema-file.ts'
export { transaction, type Transaction } from './transaction.ts'
export { isTransient } from './transient-errors.ts'
export { withRetry } from './with-retry.ts'
export type { Tables } from './tables/tables.ts'
export { runStatement } from './run-statement.ts'
