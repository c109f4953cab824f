import { sql, type Kysely } from 'kysely'
import type { SessionDate } from '../../calendar/iso-date.ts'
import type { Tables } from '../../database/index.ts'
import type { Ticker } from '../../symbols/ticker.ts'

const JOB_NAME = 'price_history'

/** How far back a provider was asked for a symbol whose bars turned out to start later. */
export interface AskedHistory {
  readonly symbol: Ticker
  readonly askedFrom: SessionDate
}

/** How far back each symbol with a short history was asked for before. */
export async function selectAskedHistory(
  db: Kysely<Tables>,
): Promise<ReadonlyMap<Ticker, SessionDate>> {
  const { rows } = await sql<AskedHistory>`
    select item_id as symbol, min(job_metadata ->> 'asked_from') as "askedFrom"
    from batch_jobs
    where job_name = ${JOB_NAME}
    group by item_id
  `.execute(db)
  return new Map(rows.map((row) => [row.symbol, row.askedFrom]))
}

/** Remembers that older bars of these symbols do not exist, so that they are not asked for every night. */
export async function insertAskedHistory(
  db: Kysely<Tables>,
  batchRunId: string,
  asked: readonly AskedHistory[],
): Promise<void> {
  if (asked.length === 0) return
  await db
    .insertInto('batch_jobs')
    .values(
      asked.map(({ symbol, askedFrom }) => ({
        batch_run_id: batchRunId,
        job_name: JOB_NAME,
        job_type: 'symbol_batch',
        item_id: symbol,
        status: 'success',
        reason: 'short_history',
        job_metadata: JSON.stringify({ asked_from: askedFrom }),
      })),
    )
    .execute()
}
