import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { coerceError } from '../errors/index.ts'
import type { Logger } from '../logging/index.ts'
import { changeOf, DATA_CHANNEL, type DataChange } from './data-change.ts'

export interface ListenerOptions {
  /** A direct connection: a transaction pooler delivers no notifications. */
  readonly url: string
  readonly log: Logger
  readonly onChange: (change: DataChange) => void
  /** Called whenever listening begins: what was said before, nobody heard. */
  readonly onListening: () => void
}

const CONNECT_TIMEOUT_MS = 10_000
const KEEP_ALIVE_MS = 10_000
const RETRY_MS = { first: 500, longest: 30_000 }

/** Listens for changes of data on a connection of its own, and connects again when that breaks. */
export class ChangeListener {
  readonly #options: ListenerOptions
  readonly #stop = new AbortController()
  #client: pg.Client | null = null
  #running: Promise<void> | null = null

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  get isListening(): boolean {
    return this.#client !== null
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { log } = this.#options
    const { signal } = this.#stop
    let delay = RETRY_MS.first
    while (!signal.aborted) {
      try {
        await this.#listenUntilLost(() => (delay = RETRY_MS.first))
      } catch (thrown) {
        log.warn({ err: coerceError(thrown), retry_ms: delay }, 'data_changes_not_heard')
      }
      await sleep(delay, undefined, { signal }).catch(() => undefined)
      delay = Math.min(delay * 2, RETRY_MS.longest)
    }
  }

  /** Resolves when stopped, rejects when the connection is lost. */
  async #listenUntilLost(onConnected: () => void): Promise<void> {
    const { url, onChange, onListening } = this.#options
    const { signal } = this.#stop
    const client = new pg.Client({
      connectionString: url,
      application_name: 'sigmasight-listen',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    })
    const lost = new Promise<void>((done, fail) => {
      client.on('error', fail)
      client.on('end', done)
      signal.addEventListener('abort', () => {
        done()
      })
    })
    client.on('notification', ({ payload }) => {
      onChange(changeOf(payload))
    })
    try {
      await client.connect()
      await client.query('set idle_session_timeout = 0')
      await client.query(`listen ${DATA_CHANNEL}`)
      this.#client = client
      onConnected()
      onListening()
      await lost
    } finally {
      this.#client = null
      lost.catch(() => undefined)
      await client.end()
    }
  }
}
