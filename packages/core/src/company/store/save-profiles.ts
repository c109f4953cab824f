import { sql } from 'kysely'
import {
  stageRows,
  type CopyRow,
  type Transaction,
  type UpsertCounts,
} from '../../database/index.ts'
import { PROFILE_COLUMNS } from '../profile-row.ts'

const STAGE = 'profiles_stage'
const NAMES = PROFILE_COLUMNS.map(({ name }) => name)

/**
 * Stores profiles, one row per symbol. What a row does not say (null) leaves the stored value alone; every
 * row counts as confirmed at that moment, and as updated only when it says something new.
 *
 * @param rows made by `profileRow` or `emptyProfileRow`, each symbol once
 */
export async function saveProfiles(
  tx: Transaction,
  rows: readonly CopyRow[],
  confirmedAt: Date,
): Promise<UpsertCounts> {
  const columns = [{ name: 'symbol', type: 'text collate "C"' }, ...PROFILE_COLUMNS]
  await stageRows(tx, { name: STAGE, columns, rows })
  return {
    updated: await confirmStored(tx, confirmedAt),
    inserted: await insertNew(tx, confirmedAt),
  }
}

async function confirmStored(tx: Transaction, confirmedAt: Date): Promise<number> {
  const merged = (name: string) => sql`coalesce(${sql.ref(`s.${name}`)}, ${sql.ref(`t.${name}`)})`
  const stored = sql.join(NAMES.map((name) => sql.ref(`t.${name}`)))
  const { rows } = await sql<{ updated: number }>`
    with confirmed as (
      update company_profiles t
      set ${sql.join(NAMES.map((name) => sql`${sql.ref(name)} = ${merged(name)}`))},
          last_updated = ${confirmedAt},
          updated_at = case
            when (${stored}) is distinct from (${sql.join(NAMES.map(merged))}) then now()
            else t.updated_at end
      from pg_temp.${sql.table(STAGE)} s
      where t.symbol = s.symbol
      returning t.updated_at = now() as is_changed
    )
    select (count(*) filter (where is_changed))::int as updated from confirmed
  `.execute(tx.db)
  return rows[0]?.updated ?? 0
}

/** A row that somebody else adds meanwhile is his: it says the same. */
async function insertNew(tx: Transaction, confirmedAt: Date): Promise<number> {
  const values = NAMES.map((name) =>
    name === 'is_etf' ? sql`coalesce(s.is_etf, false)` : sql.ref(`s.${name}`),
  )
  const { numAffectedRows } = await sql`
    insert into company_profiles (symbol, ${sql.join(NAMES.map((name) => sql.ref(name)))}, last_updated)
    select s.symbol, ${sql.join(values)}, ${confirmedAt}
    from pg_temp.${sql.table(STAGE)} s
    where not exists (select from company_profiles t where t.symbol = s.symbol)
    order by s.symbol
    on conflict (symbol) do nothing
  `.execute(tx.db)
  return Number(numAffectedRows ?? 0)
}
