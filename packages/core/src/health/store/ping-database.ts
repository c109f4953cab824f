import { performance } from 'node:perf_hooks'
import { sql, type Kysely } from 'kysely'
import type { Tables } from '../../database/index.ts'

/** Slower than this is unreachable for whoever waits for an answer. */
const LIMIT_MS = 2_000

/** How long the database takes to answer, in milliseconds; null when it does not within two seconds. */
export async function pingDatabase(db: Kysely<Tables>): Promise<number | null> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((done) => {
    timer = setTimeout(() => {
      done(null)
    }, LIMIT_MS)
  })
  const asked = sql`select 1`.execute(db).then(
    () => performance.now() - started,
    // Why it does not answer is in the log of whoever wanted something of it.
    () => null,
  )
  const answered = await Promise.race([asked, late])
  clearTimeout(timer)
  return answered
}
