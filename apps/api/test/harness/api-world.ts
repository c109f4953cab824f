import { createTokens, hashPassword, insertUser, type User } from '@sigmasight/core/auth'
import { fixedClock, type Clock } from '@sigmasight/core/clock'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../../packages/core/test/harness/test-database.ts'
import type { PageHandler } from '@sigmasight/pages'
import type { RateLimits } from '../../src/http/rate-limits.ts'
import { App } from '../../src/app.ts'
import { Caller } from './caller.ts'
import { MemoryLog } from './memory-log.ts'

/** Signs the tokens of every server of the harness. */
export const SECRET = 'a secret of tests, 32 bytes long or longer'
/** Far more than tests call. */
const NO_LIMITS: RateLimits = { reads: 1e9, writes: 1e9, credentials: 1e9 }

export interface ApiWorldOptions {
  /** ISO instant at which the clock stands still; by default it runs. */
  readonly now?: string
  readonly env?: Readonly<Record<string, string>>
  readonly rateLimits?: Partial<RateLimits>
  readonly drainMs?: number
  /** Served beside the API. */
  readonly pages?: PageHandler
  /** A database that a test has filled; it drops it itself. */
  readonly store?: TestDatabase
}

/**
 * The server in this process, on a free port, over a database of its own. Calls go over real HTTP.
 *
 * @example
 * await using world = await ApiWorld.start()
 * const ann = await world.user()
 * const { status, body } = await ann.get('/api/v1/auth/me')
 */
export class ApiWorld implements AsyncDisposable {
  readonly store: TestDatabase
  readonly log: MemoryLog
  readonly clock: Clock
  readonly url: string
  /** Calls without a token. */
  readonly anybody: Caller
  readonly #app: App
  readonly #isOwnStore: boolean
  #users = 0

  private constructor(parts: {
    store: TestDatabase
    isOwnStore: boolean
    log: MemoryLog
    clock: Clock
    app: App
    url: string
  }) {
    this.store = parts.store
    this.#isOwnStore = parts.isOwnStore
    this.log = parts.log
    this.clock = parts.clock
    this.#app = parts.app
    this.url = parts.url
    this.anybody = new Caller(parts.url, null)
  }

  static async start(options: ApiWorldOptions = {}): Promise<ApiWorld> {
    const store = options.store ?? (await createTestDatabase())
    const env = {
      ENVIRONMENT: 'test',
      DATABASE_URL: store.url,
      JWT_SECRET: SECRET,
      PORT: '0',
      BATCH_V2_ENABLED: 'true',
      PRICE_PROVIDERS: 'synthetic',
      ...(options.now === undefined ? {} : { SIGMASIGHT_NOW: options.now }),
      ...options.env,
    }
    const config = loadConfig(env)
    const clock = clockOf(config)
    const log = new MemoryLog()
    const rateLimits = { ...NO_LIMITS, ...options.rateLimits }
    const { drainMs, pages } = options
    const app = new App({
      ...{ config, env, clock, log, rateLimits, checkAnswers: true },
      ...(drainMs === undefined ? {} : { drainMs }),
      ...(pages === undefined ? {} : { pages }),
    })
    const { url } = await app.start()
    const isOwnStore = options.store === undefined
    return new ApiWorld({ store, isOwnStore, log, clock, app, url })
  }

  /** A new user, logged in. */
  user(): Promise<UserCaller> {
    return this.#newUser(false)
  }

  /** A new administrator, logged in. */
  admin(): Promise<UserCaller> {
    return this.#newUser(true)
  }

  /** Somebody who is in the database already, logged in. */
  async as(user: User): Promise<UserCaller> {
    return new UserCaller(this.url, await this.tokenFrom(user.id, 0), user)
  }

  /** A token that was issued so many minutes ago. */
  async tokenFrom(userId: string, minutesAgo: number): Promise<string> {
    const at = fixedClock(this.clock.now().minus({ minutes: minutesAgo }))
    return createTokens(SECRET, at).issue(userId)
  }

  stop(): Promise<void> {
    return this.#app.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    if (this.#isOwnStore) await this.store.drop()
  }

  async #newUser(isAdmin: boolean): Promise<UserCaller> {
    this.#users += 1
    const email = `user${this.#users}@example.com`
    PASSWORD_HASH ??= hashPassword(PASSWORD)
    const passwordHash = await PASSWORD_HASH
    const fullName = `User ${this.#users}`
    const user = await insertUser(this.store.database.db, {
      email,
      passwordHash,
      fullName,
      isAdmin,
    })
    if (user === null) throw new Error(`${email} exists already`)
    return this.as(user)
  }
}

/** Of every user of the harness. */
export const PASSWORD = 'correct horse battery'
let PASSWORD_HASH: Promise<string> | undefined

/** Somebody who is logged in. */
export class UserCaller extends Caller {
  readonly user: User
  readonly token: string

  constructor(url: string, token: string, user: User) {
    super(url, token)
    this.user = user
    this.token = token
  }
}
