import { sql, type Kysely } from 'kysely'

/** The years the trading calendar knows; no run ever has to create a partition. */
const FIRST_YEAR = 1990
const LAST_YEAR = 2050

/** Creates one partition a year, `<table>_<year>`, of a table that is partitioned by range of a date. */
export async function createYearlyPartitions(db: Kysely<unknown>, table: string): Promise<void> {
  const statements: string[] = []
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    statements.push(
      `create table ${table}_${year} partition of ${table} ` +
        `for values from ('${year}-01-01') to ('${year + 1}-01-01')`,
    )
  }
  await sql.raw(statements.join(';\n')).execute(db)
}
