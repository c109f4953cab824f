import { sql, type RawBuilder } from 'kysely'
import { errorCode } from '../error-code.ts'
import type { Tables } from '../tables/tables.ts'
import type { Transaction } from '../transaction.ts'
import type { HeldRows } from './hold-rows.ts'
import { isPartitioned, stagedRange } from './staged-range.ts'

/** How staged rows go into a table. */
export interface UpsertTarget {
  readonly table: keyof Tables
  /** The columns, none of them nullable, whose unique key decides between insert and update. */
  readonly key: readonly string[]
  /** Columns that take part in an update; by default all staged ones outside the key. */
  readonly compare?: readonly string[]
  /** Of `compare`, those whose incoming null means "not told" and leaves the stored value alone. */
  readonly coalesce?: readonly string[]
  /** Columns set only when a row changes, e.g. `{ updated_at: sql`now()` }`. */
  readonly onChange?: Readonly<Record<string, RawBuilder<unknown>>>
}

export interface UpsertCounts {
  readonly inserted: number
  readonly updated: number
}

/** What was written of a set of rows that became exactly what was staged. */
export interface WrittenRows extends UpsertCounts {
  readonly deleted: number
}

interface StagedUpsert extends UpsertTarget {
  readonly stage: HeldRows
  readonly columns: readonly string[]
}

const UNIQUE_VIOLATION = '23505'
/** For so few rows the savepoint costs more than ON CONFLICT does. */
const FEW = 500

/**
 * Inserts the staged rows whose key is new and updates those that differ; a row that says what is
 * stored already is not even locked. The stage must not hold a key twice. Rows go in key order, so
 * that two writers of the same rows wait for each other instead of deadlocking.
 *
 * A plain INSERT is three times as fast as one with ON CONFLICT, which prepares each row for a
 * conflict. It is tried first, and the other way taken when another writer was in between.
 */
export async function upsertFromStage(
  tx: Transaction,
  upsert: StagedUpsert,
): Promise<UpsertCounts> {
  if (upsert.stage.count === 0) return { inserted: 0, updated: 0 }
  const isSmall = upsert.stage.count <= FEW && !isPartitioned(upsert.table)
  if (isSmall) return write(tx, upsert, onConflict(upsert))
  await sql`savepoint upsert`.execute(tx.db)
  try {
    const counts = await write(tx, upsert, sql``)
    await sql`release savepoint upsert`.execute(tx.db)
    return counts
  } catch (error) {
    if (errorCode(error) !== UNIQUE_VIOLATION) throw error
    await sql`rollback to savepoint upsert`.execute(tx.db)
    return write(tx, upsert, onConflict(upsert))
  }
}

async function write(
  tx: Transaction,
  upsert: StagedUpsert,
  conflictClause: RawBuilder<unknown>,
): Promise<UpsertCounts> {
  const { table, key, stage } = upsert
  const target = sql.table(table)
  const range = await stagedRange(tx, table, stage)
  const isSame = sql`${sql.join(
    key.map((name) => sql`${sql.ref(`t.${name}`)} = ${sql.ref(`s.${name}`)}`),
    sql` and `,
  )} and ${range}`
  const isNew = sql`${sql.ref(`t.${key[0] ?? ''}`)} is null`
  // A row that another writer stored meanwhile has the number of the transaction that locked it for the update;
  // of a partitioned table that cannot be asked for.
  const isInserted = isPartitioned(table) ? sql`true` : sql`t.xmax = '0'::xid`
  const id = keyDigest(upsert)
  const { rows } = await sql<UpsertCounts>`
    with changed as materialized (
      select ${columnList(upsert.columns, 's')}, ${isNew} as is_new
      from ${stage.from()}
      left join ${target} t on ${isSame}
      where ${isNew} or ${difference(upsert, 's')}
    ),
    inserted as (
      insert into ${target} as t (${columnList(upsert.columns)}${id.column})
      select ${columnList(upsert.columns)}${id.value}
      from changed where is_new order by ${columnList(key)}
      ${conflictClause}
      returning ${isInserted} as is_inserted
    ),
    updated as (
      update ${target} as t set ${changes(upsert, 's')}
      from changed s
      where not s.is_new and ${isSame} and ${difference(upsert, 's')}
      returning 1
    )
    select (select count(*) filter (where is_inserted) from inserted)::int as inserted,
           ((select count(*) from updated)
            + (select count(*) filter (where not is_inserted) from inserted))::int as updated
  `.execute(tx.db)
  return rows[0] ?? { inserted: 0, updated: 0 }
}

function onConflict(upsert: StagedUpsert): RawBuilder<unknown> {
  return sql`on conflict (${columnList(upsert.key)})
    do update set ${changes(upsert, 'excluded')} where ${difference(upsert, 'excluded')}`
}

/** The assignments of an update; where nothing is compared, one that is never reached. */
function changes(upsert: StagedUpsert, from: 's' | 'excluded'): RawBuilder<unknown> {
  const compared = comparedColumns(upsert)
  const set = compared.length > 0 ? compared : upsert.key
  return sql.join([
    ...set.map((name) => sql`${sql.ref(name)} = ${incoming(upsert, from, name)}`),
    ...Object.entries(upsert.onChange ?? {}).map(
      ([name, value]) => sql`${sql.ref(name)} = ${value}`,
    ),
  ])
}

/** Whether the stored row `t` is to change. */
function difference(upsert: StagedUpsert, from: 's' | 'excluded'): RawBuilder<unknown> {
  const compared = comparedColumns(upsert)
  if (compared.length === 0) return sql`false`
  const values = compared.map((name) => incoming(upsert, from, name))
  return sql`(${columnList(compared, 't')}) is distinct from (${sql.join(values)})`
}

function incoming(
  { coalesce = [] }: StagedUpsert,
  from: 's' | 'excluded',
  name: string,
): RawBuilder<unknown> {
  const value = sql.ref(`${from}.${name}`)
  return coalesce.includes(name) ? sql`coalesce(${value}, ${sql.ref(`t.${name}`)})` : sql`${value}`
}

function comparedColumns({ compare, columns, key }: StagedUpsert): readonly string[] {
  return compare ?? columns.filter((name) => !key.includes(name))
}

function columnList(names: readonly string[], of?: string): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(of === undefined ? name : `${of}.${name}`)))
}

/** Tables that a night adds a row to for every lot, or several for every portfolio or symbol. */
const HIGH_VOLUME: ReadonlySet<keyof Tables> = new Set<keyof Tables>([
  'market_data_cache',
  'symbol_factor_exposures',
  'factor_exposures',
  'position_volatility',
  'stress_test_results',
])

/**
 * The id of a row of a high-volume table: a digest of its key instead of `gen_random_uuid()`, which
 * asks the system for randomness and costs as much as storing the row. A rerun gives the same id.
 */
function keyDigest(upsert: StagedUpsert): Record<'column' | 'value', RawBuilder<unknown>> {
  const { table, key, columns } = upsert
  if (!HIGH_VOLUME.has(table) || columns.includes('id')) {
    return { column: sql``, value: sql`` }
  }
  return { column: sql`, id`, value: sql`, md5(concat_ws(' ', ${columnList(key)}))::uuid` }
}
