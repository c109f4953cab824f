import axios, { isAxiosError, type AxiosResponse } from 'axios'
import type { Clock } from '../../../clock/index.ts'
import type { CallGate } from '../../calls/call-gate.ts'
import {
  Malformed,
  Unavailable,
  UnknownSymbol,
  type ProviderError,
} from '../../calls/provider-errors.ts'
import { statusError } from '../../calls/status-error.ts'
import { asShape, LIST_PAGE, PAGE } from './polygon-shapes.ts'

export const POLYGON = 'polygon'
/** The most that the vendor puts into one page of a list. */
const PAGE_SIZE = '1000'
/** So many pages are none that were meant to be asked for. */
const MOST_PAGES = 100
const MOST_BYTES = 64 * 1024 * 1024

export interface PolygonAccess {
  readonly apiKey: string
  /** Without a query; may have a path. */
  readonly baseUrl: string
  readonly gate: CallGate
  readonly clock: Clock
}

/** A 404 where no single symbol was asked for says nothing about any symbol. */
export function notThere(cause: UnknownSymbol): Unavailable {
  return new Unavailable(`${POLYGON} answered 404: what was asked for is not there`, { cause })
}

type Query = Readonly<Record<string, string>>

/**
 * The vendor's HTTP interface for one fetch. The key travels in a header only, so that no URL, error or
 * log can carry it, and only to `baseUrl`.
 */
export class PolygonClient {
  readonly #access: PolygonAccess
  readonly signal: AbortSignal
  #keyError: ProviderError | null = null

  constructor(access: PolygonAccess, signal: AbortSignal) {
    this.#access = access
    this.signal = signal
  }

  /** The JSON of one answer. @throws ProviderError; the signal's reason when aborted */
  async get(path: string, query: Query): Promise<unknown> {
    return this.#get(this.#url(path, new URLSearchParams(query)))
  }

  /** The answers to a question that may have several pages, each of which is a call. @throws likewise */
  async *pages(path: string, query: Query): AsyncGenerator {
    let url = this.#url(path, new URLSearchParams(query))
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#get(url)
      yield answer
      const { next_url: next } = asShape(PAGE, answer)
      if (next === undefined || next === null) return
      url = this.#nextPage(next)
    }
    throw new Malformed(`${POLYGON}: the pages of ${path} have no end`, 'next_url')
  }

  /**
   * All records of a list.
   *
   * @param check throws when a record, which stands at a path of its page, is none that was asked for
   * @throws likewise
   */
  async list(
    path: string,
    query: Query,
    check: (record: unknown, path: string) => void,
  ): Promise<readonly unknown[]> {
    const records: unknown[] = []
    try {
      for await (const page of this.pages(path, { ...query, limit: PAGE_SIZE })) {
        for (const [index, record] of asShape(LIST_PAGE, page).results.entries()) {
          check(record, `results.${index}`)
          records.push(record)
        }
      }
    } catch (thrown) {
      throw thrown instanceof UnknownSymbol ? notThere(thrown) : thrown
    }
    return records
  }

  #url(path: string, query: URLSearchParams): string {
    return `${this.#access.baseUrl.replace(/\/+$/, '')}${path}?${query.toString()}`
  }

  /** The next page, always at our host: the vendor names a host of its own, whichever we asked. */
  #nextPage(text: string): string {
    if (!URL.canParse(text)) throw new Malformed(`${POLYGON}: no URL`, 'next_url')
    const url = new URL(text)
    url.searchParams.delete('apiKey')
    const isOurs = url.origin === new URL(this.#access.baseUrl).origin
    return isOurs ? url.href : this.#url(url.pathname, url.searchParams)
  }

  /** A key that was not accepted once is not tried again in this fetch. */
  async #get(url: string): Promise<unknown> {
    if (this.#keyError !== null) throw this.#keyError
    const body = await this.#access.gate.run(async (signal) => {
      const { status, headers, data } = await this.#request(url, signal)
      if (status === 200) return data
      const retryAfter: unknown = headers['retry-after']
      const header = typeof retryAfter === 'string' ? retryAfter : null
      const error = statusError(POLYGON, status, header, this.#servedAt(headers['date']))
      if (status === 401) this.#keyError = error
      throw error
    }, this.signal)
    return parseJson(body)
  }

  /** By the server's own clock, which its Retry-After is told by; by ours where it does not say. */
  #servedAt(date: unknown): Date {
    const ms = typeof date === 'string' ? Date.parse(date) : NaN
    return Number.isNaN(ms) ? this.#access.clock.now().toJSDate() : new Date(ms)
  }

  async #request(url: string, signal: AbortSignal): Promise<AxiosResponse<string>> {
    const answer = axios.get<string>(url, {
      headers: { Authorization: `Bearer ${this.#access.apiKey}` },
      signal,
      responseType: 'text',
      transformResponse: (text: string) => text,
      validateStatus: () => true,
      maxRedirects: 0,
      maxContentLength: MOST_BYTES,
      // Otherwise axios reads the environment by itself.
      proxy: false,
    })
    return answer.catch((thrown: unknown) => {
      // Never as the cause: axios' errors carry the request with its key.
      const code = isAxiosError(thrown) ? thrown.code : undefined
      throw new Unavailable(`${POLYGON} cannot be reached (${code ?? 'no error code'})`)
    })
  }
}

/** Without the parser's message, which quotes what was served. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    throw new Malformed(`${POLYGON}: the answer is not JSON`, 'body')
  }
}
