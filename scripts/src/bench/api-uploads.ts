import { Agent, request } from 'node:http'
import { runStatement, type Database } from '@sigmasight/core/database'
import type { BenchServer } from './api-server.ts'

const POSITIONS = 100
const BOUNDARY = 'boundary-of-an-upload'
const HEADER = 'Symbol,Quantity,Entry Price Per Share,Entry Date'

interface Quote {
  readonly symbol: string
  readonly close: string
  readonly date: string
}

/** Uploads portfolios of 100 positions, each a new account of one of some users. */
export class Uploader {
  readonly #userIds: readonly string[]
  readonly #quotes: readonly Quote[]
  #target: { readonly url: string; readonly tokens: readonly string[] } | null = null
  #uploads = 0

  private constructor(userIds: readonly string[], quotes: readonly Quote[]) {
    this.#userIds = userIds
    this.#quotes = quotes
  }

  /** Makes the users; positions are of symbols with a price a third of a year before the date. */
  static async open(
    database: Database,
    { users, date }: { readonly users: number; readonly date: string },
  ): Promise<Uploader> {
    const { rows } = await runStatement(
      database,
      `insert into users (email, password_hash, full_name)
       select 'uploads-' || n || '@example.com', '-', 'Bench' from generate_series(1, ${users}) n
       on conflict do nothing;
       select id from users where email like 'uploads-%' order by email`,
    )
    const quotes = await runStatement(
      database,
      `select b.symbol, b.close, b.date from market_data_cache b
       join symbol_daily_metrics m on m.symbol = b.symbol and m.current_price is not null
       where b.date = (select max(date) from market_data_cache where date < date '${date}' - 120)
         and b.close is not null order by b.symbol`,
    )
    const ids = (rows as readonly { readonly id: string }[]).map(({ id }) => id)
    return new Uploader(ids, quotes.rows as readonly Quote[])
  }

  /** From now on uploads go to this server. */
  async use(server: Pick<BenchServer, 'url' | 'tokenOf'>): Promise<void> {
    const tokens = await Promise.all(this.#userIds.map((id) => server.tokenOf(id)))
    this.#target = { url: server.url, tokens }
  }

  /** Uploads so many, so many at once; milliseconds of each. */
  async run({
    atOnce,
    uploads,
  }: {
    readonly atOnce: number
    readonly uploads: number
  }): Promise<readonly number[]> {
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
    const times: number[] = []
    let left = uploads
    const worker = async (_: unknown, client: number): Promise<void> => {
      while (left > 0) {
        left -= 1
        this.#uploads += 1
        times.push(await this.#upload(agent, client, this.#uploads))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    agent.destroy()
    return times
  }

  async #upload(agent: Agent, client: number, number: number): Promise<number> {
    const target = this.#target
    if (target === null) throw new Error('no server to upload to')
    const body = this.#bodyOf(number)
    const started = performance.now()
    const { status, text } = await new Promise<{ status: number; text: string }>((done, fail) => {
      const sent = request(`${target.url}/api/v1/onboarding/create-portfolio`, {
        agent,
        method: 'POST',
        headers: {
          authorization: `Bearer ${target.tokens[client % target.tokens.length] ?? ''}`,
          'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
          'content-length': Buffer.byteLength(body),
        },
      })
      sent.on('error', fail).on('response', (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          done({ status: response.statusCode ?? 0, text })
        })
      })
      sent.end(body)
    })
    const took = performance.now() - started
    const answer = JSON.parse(text) as { readonly status?: unknown }
    if (status !== 201 || answer.status !== 'ready') throw new Error(`${String(status)}: ${text}`)
    return took
  }

  #bodyOf(number: number): string {
    const quotes = this.#quotes
    const rows = Array.from({ length: POSITIONS }, (_, k) => {
      const { symbol, close, date } = quotes[(number * 37 + k * 47) % quotes.length] as Quote
      return `${symbol},${k % 4 === 0 ? -100 : 100},${close},${date}`
    })
    const fields = {
      portfolio_name: `Portfolio ${number}`,
      account_name: `account ${number}`,
      account_type: 'taxable',
      equity_balance: '1000000.00',
    }
    const parts = Object.entries(fields).map(
      ([name, value]) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    const file =
      'Content-Disposition: form-data; name="csv_file"; filename="positions.csv"\r\n' +
      `Content-Type: text/csv\r\n\r\n${[HEADER, ...rows].join('\n')}\n\r\n`
    return `--${BOUNDARY}\r\n${[...parts, file].join(`--${BOUNDARY}\r\n`)}--${BOUNDARY}--\r\n`
  }
}
