import { sql, type Kysely } from 'kysely'
import { Migrator, type MigrationProvider } from 'kysely/migration'
import { SchemaMismatch } from '../errors/index.ts'
import { MIGRATIONS } from './migrations/migrations.ts'
import { kyselyOver } from './kysely-over-client.ts'
import type { Database } from './open-database.ts'
import type { Tables } from './tables/tables.ts'

/** Any number that nobody else uses: 'sigm' in ASCII. */
const MIGRATION_LOCK = 0x7369676d
const LEDGER = 'kysely_migration'

/** How the database's schema compares with this program's migrations. */
export type SchemaState =
  | { readonly kind: 'current' }
  /** Migrations the database has not had yet. */
  | { readonly kind: 'behind'; readonly names: readonly string[] }
  /** Migrations the database has had and this program does not know. */
  | { readonly kind: 'newer'; readonly names: readonly string[] }

/**
 * Brings the schema up to date, all in one transaction. Safe when several processes start at once:
 * a session lock lets one work while the others wait and then find nothing to do. (Kysely's own lock
 * begins only after it has created its tables, which two cannot do at the same time.)
 *
 * @returns the names of the migrations applied
 * @throws SchemaMismatch when a newer program has migrated the database
 */
export async function migrateToLatest(database: Database): Promise<readonly string[]> {
  const client = await database.pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    return await applyMigrations(kyselyOver(client, { mayBegin: true }))
  } finally {
    // Closing the connection frees the lock, whatever happened to it.
    client.release(true)
  }
}

async function applyMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const state = await schemaState(db)
  if (state.kind === 'newer') throw newerSchema(state.names)
  const provider: MigrationProvider = { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) }
  const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest()
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName ?? 'unknown'
    throw new Error(`migration ${failed} failed; nothing was changed`, { cause: error })
  }
  return results.map(({ migrationName }) => migrationName)
}

/** Compares the migrations the database has had with those this program knows. */
export async function schemaState(db: Kysely<Tables>): Promise<SchemaState> {
  const applied = new Set(await appliedMigrations(db))
  const unknown = [...applied].filter((name) => !(name in MIGRATIONS))
  if (unknown.length > 0) return { kind: 'newer', names: unknown.sort() }
  const missing = Object.keys(MIGRATIONS).filter((name) => !applied.has(name))
  return missing.length > 0 ? { kind: 'behind', names: missing } : { kind: 'current' }
}

/** Passes when the schema is what this program needs. Throws SchemaMismatch with what to do. */
export async function assertSchemaCurrent(db: Kysely<Tables>): Promise<void> {
  const state = await schemaState(db)
  if (state.kind === 'newer') throw newerSchema(state.names)
  if (state.kind === 'behind') {
    throw new SchemaMismatch(
      `the database lacks ${state.names.join(', ')}: run \`pnpm ops migrate\``,
    )
  }
}

function newerSchema(names: readonly string[]): SchemaMismatch {
  return new SchemaMismatch(
    `the database was migrated by a newer program (${names.join(', ')}): deploy that version`,
  )
}

async function appliedMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const ledger = await sql<{ exists: boolean }>`
    select to_regclass(${LEDGER}) is not null as exists
  `.execute(db)
  if (ledger.rows[0]?.exists !== true) return []
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(LEDGER)} order by name
  `.execute(db)
  return rows.map(({ name }) => name)
}
