import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { AppliedFault, Faults } from '../script/faults.ts'
import type { EndpointName, FaultKind, Vendor } from '../script/script.ts'
import type { Door } from '../yahoo/door.ts'
import type { Answer, World } from './endpoint.ts'
import { errorAnswer } from './error-answer.ts'
import { endpointsOf, routeTo, type Route } from './routes.ts'
import { replacedAnswer, seenStatus, send } from './wire-fault.ts'

/** A request and what came of it. */
export interface ServedRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly vendor: Vendor | null
  /** Null: nothing that either vendor has. */
  readonly endpoint: EndpointName | null
  /** As exchanges spell them; null = no symbol in particular. */
  readonly symbols: readonly string[] | null
  /** On the market's clock. */
  readonly at: Date
  /** On the clock that only goes forward. */
  readonly steadyMs: number
  /** What the caller gets to see; null while undecided, and when no whole answer arrives. */
  readonly status: number | null
  /** `limit`: too many calls within 60 s. */
  readonly fault: FaultKind | 'limit' | null
}

/** A request as it is written to while it is served. */
export type OpenRequest = { -readonly [Key in keyof ServedRequest]: ServedRequest[Key] }

export interface HandlerPorts {
  readonly world: World
  readonly door: Door
  /** The faults in force. */
  faults(): Faults
  /** Both clocks. */
  clocks(): Pick<ServedRequest, 'at' | 'steadyMs'>
  /** Hears of a request when it arrives; what came of it is filled in later. */
  arrived(request: OpenRequest): void
  /** Hears of it again once its answer is decided. */
  decided(request: ServedRequest): void
}

/** Answers every request from the world, with the faults in force. */
export function createRequestHandler(ports: HandlerPorts): RequestListener {
  const endpoints = endpointsOf(ports.door)
  return (incoming, response) => {
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`)
    serve({ incoming, response, url, route: routeTo(endpoints, url) }, ports).catch(
      (thrown: unknown) => {
        // A source that fails is its writer's mistake, which must be seen, not waited for.
        const body = `fake market: ${thrown instanceof Error ? thrown.message : String(thrown)}`
        response.writeHead(500, { 'content-type': 'text/plain' }).end(body)
      },
    )
  }
}

interface Exchange {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly route: Route | null
}

async function serve(exchange: Exchange, ports: HandlerPorts): Promise<void> {
  const request = opened(exchange, ports)
  ports.arrived(request)
  const { vendor, endpoint, at } = request
  const applied =
    vendor === null || endpoint === null
      ? null
      : ports.faults().of({ ...request, vendor, endpoint, now: at.getTime() })
  const fault = applied?.fault ?? null
  if (fault?.kind === 'invalid_crumb') ports.door.rotate()
  const answer =
    replacedAnswer(fault, vendor ?? 'yahoo') ??
    (await realAnswer(exchange, { now: at.getTime(), applied }, ports.world))
  request.fault = applied?.isLimit === true ? 'limit' : (fault?.kind ?? null)
  request.status = seenStatus(answer, fault)
  ports.decided(request)
  send(exchange.response, answer, fault)
}

function opened({ incoming, url, route }: Exchange, ports: HandlerPorts): OpenRequest {
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    vendor: route?.endpoint.vendor ?? null,
    endpoint: route?.endpoint.name ?? null,
    symbols: route?.symbols ?? null,
    ...ports.clocks(),
    status: null,
    fault: null,
  }
}

async function realAnswer(
  { incoming, url, route }: Exchange,
  { now, applied }: { readonly now: number; readonly applied: AppliedFault | null },
  world: World,
): Promise<Answer> {
  if (route === null) return errorAnswer('polygon', 404)
  if (incoming.method !== 'GET') return { status: 405, headers: { allow: 'GET' }, body: '' }
  const question = {
    path: route.path,
    query: url.searchParams,
    headers: incoming.headers,
    base: url.origin,
    now,
    fault: applied?.fault ?? null,
    faultFor: (symbol: string) => (applied?.touches(symbol) === true ? applied.fault : null),
  }
  return route.endpoint.answer(question, world)
}
