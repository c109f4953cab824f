import type { PgBoss } from 'pg-boss'
import type { Logger } from '../../logging/index.ts'
import { UNIT_ATTEMPTS, type UnitKind } from '../work-unit.ts'

export interface BossOptions {
  /** The database of everything else; pg-boss keeps its tables in a schema `pgboss` of its own there. */
  readonly url: string
  readonly log: Logger
}

export type OpenBoss = AsyncDisposable & { readonly boss: PgBoss }

/** A worker that has said nothing for so long is taken for dead, and its unit is given to another. */
const HEARTBEAT_SECONDS = 10
/** A unit that takes longer is taken away from its worker. */
const EXPIRE_SECONDS = 900
/** How long what a unit came to can be looked up after its end. */
const KEEP_SECONDS = 3 * 24 * 3600
const CONNECTIONS = 2

/** Time for a unit under way when the program is asked to stop. */
const STOP_MS = EXPIRE_SECONDS * 1000

/**
 * Opens the queue of a kind of unit; the first time, pg-boss makes its schema. Loaded only now: programs
 * that are not distributed do without it.
 */
export async function openBoss(kind: UnitKind, { url, log }: BossOptions): Promise<OpenBoss> {
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    connectionString: url,
    max: CONNECTIONS,
    application_name: `${kind}-queue`,
    schedule: false,
    // Dead workers are noticed soon, since a coordinator waits for their units.
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
  })
  boss.on('error', (err) => {
    log.warn({ err }, 'queue_error')
  })
  await boss.start()
  await boss.createQueue(kind, {
    policy: 'exclusive',
    retryLimit: UNIT_ATTEMPTS - 1,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: EXPIRE_SECONDS,
    deleteAfterSeconds: KEEP_SECONDS,
  })
  return {
    boss,
    [Symbol.asyncDispose]: () => boss.stop({ graceful: true, timeout: STOP_MS }),
  }
}
