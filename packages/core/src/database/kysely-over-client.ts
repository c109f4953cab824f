import { Kysely, PostgresDialect, type Driver } from 'kysely'
import type pg from 'pg'
import type { Tables } from './tables/tables.ts'

interface Lending {
  /** Whether queries may open a transaction of their own on the client. */
  readonly mayBegin: boolean
}

/** Typed queries over one client, which is lent: neither released nor closed by Kysely. */
export function kyselyOver(client: pg.PoolClient, lending: Lending): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new LentClientDialect(client, lending) })
}

/** Kysely's PostgreSQL dialect over a pool that hands out the same client and keeps it. */
class LentClientDialect extends PostgresDialect {
  readonly #lending: Lending

  constructor(client: pg.PoolClient, lending: Lending) {
    const lent = {
      query: client.query.bind(client),
      release: (): void => undefined,
    }
    super({
      pool: {
        options: {},
        connect: () => Promise.resolve(lent as unknown as pg.PoolClient),
        end: () => Promise.resolve(),
      },
    })
    this.#lending = lending
  }

  override createDriver(): Driver {
    const driver = super.createDriver()
    if (this.#lending.mayBegin) return driver
    // BEGIN inside a transaction is only a warning, and its COMMIT would end the outer one.
    driver.beginTransaction = () =>
      Promise.reject(new Error('already in a transaction: pass `tx` on instead of opening another'))
    return driver
  }
}
