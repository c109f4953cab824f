import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { PostgresFrames, type Frame } from './postgres-frames.ts'

/**
 * What happens to a COMMIT, or to a writing statement outside of a transaction: it passes; its connection breaks before it reaches the server; or the server
 * commits and the connection breaks before its answer arrives.
 */
export type CommitFate = 'passes' | 'cut_before' | 'cut_after'

/** Decides about the n-th of them since the proxy began, counted from 1. It waits for the decision. */
export type CommitJudge = (n: number, applicationName: string) => CommitFate | Promise<CommitFate>

const letPass: CommitJudge = () => 'passes'

interface Link {
  readonly client: Socket
  readonly server: Socket
  applicationName: string
  isSilent: boolean
  losesAnswer: boolean
  isInTransaction: boolean
  /** Whether the statement under way changes something. */
  isWriting: boolean
}

/** A TCP proxy in front of PostgreSQL that breaks connections where a test wants it. */
export class PostgresProxy implements AsyncDisposable {
  readonly #listener: Server
  readonly #links = new Set<Link>()
  readonly #target: pg.Client
  #judge: CommitJudge = letPass
  #commits = 0
  #refuses = false

  private constructor(target: string) {
    this.#target = new pg.Client({ connectionString: target })
    this.#listener = createServer({ allowHalfOpen: true }, (client) => {
      this.#accept(client)
    })
  }

  /** @param target the URL of the database behind it */
  static async start(target: string): Promise<PostgresProxy> {
    const proxy = new PostgresProxy(target)
    proxy.#listener.listen(0, '127.0.0.1')
    await once(proxy.#listener, 'listening')
    return proxy
  }

  /** The same database, through the proxy. */
  get url(): string {
    const { user = '', password, database = '' } = this.#target
    const secret = typeof password === 'string' ? `:${encodeURIComponent(password)}` : ''
    const { port } = this.#listener.address() as AddressInfo
    return `postgresql://${encodeURIComponent(user)}${secret}@127.0.0.1:${port}/${database}`
  }

  /** How many have been judged so far. */
  get commits(): number {
    return this.#commits
  }

  /** How many connections an application has through it. */
  connectionsOf(applicationName: string): number {
    return [...this.#links].filter((link) => link.applicationName === applicationName).length
  }

  /** Has everything that commits judged from now on; null = all passes. */
  judgeCommits(judge: CommitJudge | null): void {
    this.#judge = judge ?? letPass
  }

  /**
   * From now on nothing passes on the connections of an application, in either direction, and neither side is
   * told when the other one closes: what a network does that swallows packets.
   */
  silence(applicationName: string): void {
    for (const link of this.#links) {
      if (link.applicationName === applicationName) link.isSilent = true
    }
  }

  /** Breaks every connection and accepts none until `open`: to the server, the program is gone. */
  close(): void {
    this.#refuses = true
    for (const link of this.#links) this.#cut(link)
  }

  open(): void {
    this.#refuses = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
    this.#listener.close()
    await once(this.#listener, 'close')
  }

  #accept(client: Socket): void {
    client.on('error', () => undefined)
    if (this.#refuses) {
      client.destroy()
      return
    }
    const { host, port } = this.#target
    const server = host.startsWith('/')
      ? connect({ path: `${host}/.s.PGSQL.${port}` })
      : connect({ host, port })
    server.on('error', () => undefined)
    const link: Link = {
      client,
      server,
      applicationName: '',
      isSilent: false,
      losesAnswer: false,
      isInTransaction: false,
      isWriting: false,
    }
    this.#links.add(link)
    void this.#forward(link, () => this.#toServer(link))
    void this.#forward(link, () => this.#toClient(link))
  }

  /** Breaks both sides when one has ended; on a silent link only when the proxy ends. */
  async #forward(link: Link, passOn: () => Promise<void>): Promise<void> {
    try {
      await passOn()
    } catch {
      // A side broke off; that is passed on below.
    }
    if (!link.isSilent) this.#cut(link)
  }

  async #toServer(link: Link): Promise<void> {
    const frames = new PostgresFrames()
    for await (const chunk of link.client) {
      for (const frame of frames.push(chunk as Buffer)) {
        link.applicationName = frame.applicationName ?? link.applicationName
        if (commits(link, frame) && !link.isSilent) {
          const fate = await this.#judge(++this.#commits, link.applicationName)
          if (fate === 'cut_before') return
          link.losesAnswer = fate === 'cut_after'
        }
        if (!link.isSilent) link.server.write(frame.bytes)
      }
    }
  }

  async #toClient(link: Link): Promise<void> {
    for await (const chunk of link.server) {
      if (link.losesAnswer) return
      if (!link.isSilent) link.client.write(chunk as Buffer)
    }
  }

  #cut(link: Link): void {
    this.#links.delete(link)
    link.client.destroy()
    link.server.destroy()
  }
}

/** Insert, update, delete, and a query with one of them in it. */
const WRITING =
  /^\s*(insert|update|delete)\b|^\s*with\b[^]*\b(insert into|delete from|update \S+ \S* ?set)\b/i

/** Whether something is stored for good when the server has handled this message. */
function commits(link: Link, { type, sql }: Frame): boolean {
  if (sql !== null) {
    if (/^begin\b/i.test(sql)) link.isInTransaction = true
    const isEnd = /^(commit|rollback$)/i.test(sql)
    if (isEnd) link.isInTransaction = false
    if (/^commit\b/i.test(sql)) return true
    link.isWriting = WRITING.test(sql)
  }
  // What is prepared takes effect with the message that ends the exchange.
  const isOver = type === 'Q' || type === 'S'
  return isOver && link.isWriting && !link.isInTransaction
}
