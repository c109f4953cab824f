import type { IncomingHttpHeaders } from 'node:http'
import type { Market } from '../market/market.ts'
import type { EndpointName, Fault, Vendor } from '../script/script.ts'

/** A whole answer, before a fault of the wire takes hold of it. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What an endpoint is asked. */
export interface Question {
  /** The parts of the path that vary, decoded. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** The server as the caller addressed it, for links. */
  readonly base: string
  /** On the market's clock, epoch ms. */
  readonly now: number
  /** A fault of content that the answer should have; faults of the wire are not the endpoint's matter. */
  readonly fault: Fault | null
  /** The same in an answer about many symbols: null for those that the script does not mean. */
  readonly faultFor: (symbol: string) => Fault | null
}

/** One kind of call that a vendor answers. */
export interface Endpoint {
  readonly vendor: Vendor
  readonly name: EndpointName
  /** Its groups are `Question.path`. */
  readonly path: RegExp
  /** What it is asked about, as exchanges spell it; null = whatever the vendor has. */
  symbols(question: Pick<Question, 'path' | 'query'>): readonly string[] | null
  answer(question: Question, world: World): Answer | Promise<Answer>
}

/** What all endpoints answer from. */
export interface World {
  readonly market: Market
  /** Uniform in [0, 1). */
  readonly random: () => number
}

export function json(status: number, body: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: JSON.stringify(body),
  }
}
