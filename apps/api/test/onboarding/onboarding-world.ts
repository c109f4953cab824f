import { createSyntheticMarket, DEMO_SEED } from '@sigmasight/core/market-data'
import { BatchWorld, session } from '../../../../packages/core/test/batch/batch-world.ts'
import { ApiWorld, type ApiWorldOptions } from '../harness/api-world.ts'

/** The session whose symbol batch is done, and an instant of its evening. */
export const EVENING = session('2025-07-10')
export const NOW = '2025-07-10T20:00:00-04:00'

/** Stocks of the synthetic market that the universe holds. */
export const KNOWN = ['ALTO', 'BYTE', 'COVE', 'DYNA', 'ELMS', 'FERN'] as const
/** One of the same market that nobody has asked for yet. */
export const NEVER_SEEN = 'GATE'

/** The server over a database in which the evening's symbol batch ran. */
export class OnboardingWorld implements AsyncDisposable {
  readonly batch: BatchWorld
  api: ApiWorld
  readonly #options: ApiWorldOptions

  private constructor(batch: BatchWorld, api: ApiWorld, options: ApiWorldOptions) {
    this.batch = batch
    this.api = api
    this.#options = options
  }

  static async start(options: Omit<ApiWorldOptions, 'store'> = {}): Promise<OnboardingWorld> {
    const market = createSyntheticMarket({ seed: DEMO_SEED })
    const batch = await BatchWorld.create(KNOWN, market)
    const { status } = await batch.run(EVENING)
    if (status !== 'completed') throw new Error(`the symbol batch ended as ${status}`)
    const all = { now: NOW, ...options, store: batch.store }
    return new OnboardingWorld(batch, await ApiWorld.start(all), all)
  }

  /** Another server over the same database. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.api.stop()
    const options = this.#options
    this.api = await ApiWorld.start({ ...options, env: { ...options.env, ...env } })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api.stop()
    await this.batch[Symbol.asyncDispose]()
  }
}

export const HEADER = 'Symbol,Quantity,Entry Price Per Share,Entry Date'

/** The form of an upload that is good, with changes; an account of its own each time. */
export function uploadOf(
  csv: string | Uint8Array<ArrayBuffer>,
  changes: Readonly<Record<string, string>> = {},
) {
  accounts += 1
  return {
    portfolio_name: 'My Portfolio',
    account_name: `Account ${accounts}`,
    account_type: 'taxable',
    equity_balance: '100000.00',
    ...changes,
    csv_file: { name: 'positions.csv', content: csv },
  }
}
let accounts = 0
