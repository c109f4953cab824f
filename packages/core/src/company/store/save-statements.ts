import { sql } from 'kysely'
import { stageRows, type Transaction, type UpsertCounts } from '../../database/index.ts'
import type { StatementRows } from '../statement-rows.ts'

const STAGE = 'statements_stage'
const KEY = sql`t.symbol = s.symbol and t.period_date = s.period_date and t.frequency = s.frequency`

/**
 * Stores statements of one table, one row per symbol, period and frequency. A headline or line that is not
 * told leaves the stored one alone; a row that says the same again is not written.
 */
export async function saveStatements(
  tx: Transaction,
  statements: StatementRows,
): Promise<UpsertCounts> {
  const { headlines, rows } = statements
  if (rows.length === 0) return { inserted: 0, updated: 0 }
  await stageRows(tx, {
    name: STAGE,
    columns: [
      { name: 'symbol', type: 'text collate "C"' },
      { name: 'period_date', type: 'date' },
      { name: 'frequency', type: 'text' },
      ...headlines,
      { name: 'data', type: 'jsonb' },
    ],
    rows,
  })
  return { updated: await updateStored(tx, statements), inserted: await insertNew(tx, statements) }
}

async function updateStored(tx: Transaction, { table, headlines }: StatementRows): Promise<number> {
  const merged = headlines.map(({ name }) => ({
    name: sql.ref(name),
    stored: sql.ref(`t.${name}`),
    value: sql`coalesce(${sql.ref(`s.${name}`)}, ${sql.ref(`t.${name}`)})`,
  }))
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} t
    set ${sql.join(merged.map(({ name, value }) => sql`${name} = ${value}`))},
        data = t.data || s.data, updated_at = now()
    from pg_temp.${sql.table(STAGE)} s
    where ${KEY}
      and (${sql.join(merged.map(({ stored }) => stored))}, t.data)
        is distinct from (${sql.join(merged.map(({ value }) => value))}, t.data || s.data)
  `.execute(tx.db)
  return Number(numAffectedRows ?? 0)
}

/** A row that somebody else adds meanwhile is his: it says the same. */
async function insertNew(tx: Transaction, { table, headlines }: StatementRows): Promise<number> {
  const columns = [
    'symbol',
    'period_date',
    'frequency',
    ...headlines.map(({ name }) => name),
    'data',
  ]
  const names = sql.join(columns.map((name) => sql.ref(name)))
  const { numAffectedRows } = await sql`
    insert into ${sql.table(table)} (${names})
    select ${names} from pg_temp.${sql.table(STAGE)} s
    where not exists (select from ${sql.table(table)} t where ${KEY})
    order by symbol, period_date, frequency
    on conflict (symbol, period_date, frequency) do nothing
  `.execute(tx.db)
  return Number(numAffectedRows ?? 0)
}
