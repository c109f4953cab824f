import { sql, type RawBuilder } from 'kysely'
import type { Transaction } from '../transaction.ts'
import { arrayText } from './array-text.ts'
import type { CopyRow, CopyValue } from './copy-text.ts'
import { stageRows, type Stage, type StageColumn } from './stage-rows.ts'

/** Rows that the statements of a transaction are about to work on. */
export interface HeldRows {
  readonly count: number
  /**
   * What stands after FROM or JOIN, with the alias `s`.
   *
   * @param names columns that the statement needs; all by default
   */
  from(names?: readonly string[]): RawBuilder<unknown>
  /** Makes lookups by these columns fast, where that needs doing. */
  prepare(names: readonly string[]): Promise<void>
}

/** Up to so many rows go along with each statement; the figure is that of a group of uploads. */
const MOST_SENT = 2_500

/**
 * Holds rows for the statements that follow. Many are staged in a temporary table by COPY. Few are sent as
 * arrays with each statement: a temporary table costs the server more than it takes to store them, and three
 * round trips.
 */
export async function holdRows(tx: Transaction, stage: Stage): Promise<HeldRows> {
  const rows = stage.rows[Symbol.iterator]()
  const first: CopyRow[] = []
  for (let row = rows.next(); ; row = rows.next()) {
    if (row.done === true) return sentRows(stage.columns, first)
    first.push(row.value)
    if (first.length > MOST_SENT) break
  }
  const count = await stageRows(tx, { ...stage, rows: chain(first, rows) })
  const table = sql`pg_temp.${sql.table(stage.name)}`
  return {
    count,
    from: () => sql`${table} s`,
    async prepare(names) {
      await sql`create index on ${table} (${sql.join(names.map((name) => sql.ref(name)))})`.execute(
        tx.db,
      )
    },
  }
}

function* chain(first: Iterable<CopyRow>, rest: Iterator<CopyRow>): Iterable<CopyRow> {
  yield* first
  for (let row = rest.next(); row.done !== true; row = rest.next()) yield row.value
}

function sentRows(columns: readonly StageColumn[], rows: readonly CopyRow[]): HeldRows {
  const texts = columns.map(({ name, type }, i) => ({
    name,
    type,
    text: arrayText(rows.map((row) => valueAt(row, i, columns.length))),
  }))
  return {
    count: rows.length,
    from(names) {
      const needed = texts.filter(({ name }) => names?.includes(name) ?? true)
      const values = needed.map(({ name, type }) => {
        const ref = sql.ref(name)
        return sql`${ref}::${sql.raw(type)} as ${ref}`
      })
      return sql`(
        select ${sql.join(values)}
        from unnest(${sql.join(needed.map(({ text }) => sql`${text}::text[]`))})
          as r (${sql.join(needed.map(({ name }) => sql.ref(name)))})
      ) s`
    },
    // The planner sees how many there are.
    prepare: () => Promise.resolve(),
  }
}

function valueAt(row: CopyRow, i: number, width: number): CopyValue {
  if (row.length !== width) {
    throw new Error(`a row has ${row.length} values, but there are ${width} columns`)
  }
  return row[i] ?? null
}
