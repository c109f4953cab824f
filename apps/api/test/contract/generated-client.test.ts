import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { sql } from 'kysely'
import { chooseSeed } from '../../../../packages/core/test/batch/seeded.ts'
import {
  BACKFILL,
  BACKFILL_SESSIONS,
  backfillFacts,
} from '../../../../packages/core/test/portfolios/backfill-book.ts'
import { PortfolioWorld } from '../../../../packages/core/test/portfolios/portfolio-world.ts'
import { ENDPOINTS } from '../../src/features/index.ts'
import { openApiOf } from '../../src/http/openapi.ts'
import { ApiWorld, type UserCaller } from '../harness/api-world.ts'
import { arbitraryOf, type Schema } from './arbitrary-of.ts'

/** Requests of each operation; more of them in a long test. */
const REQUESTS = Number(process.env['SOAK_REQUESTS'] ?? 12)
/** Answers that are no failure of the server although they are in the five hundreds. */
const HONEST_503 = ['NO_PRICE_DATA', 'MAINTENANCE']
/** These start programs of their own, which go on after the test: they are called without their right only. */
const STARTS_PROGRAMS = /\/admin\/batch\/(run$|trigger\/|data-quality\/refresh$)|\/calculate$/

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: Schema
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly 'x-auth': 'none' | 'user' | 'admin'
}

let market: PortfolioWorld
let world: ApiWorld
let owner: UserCaller
let admin: UserCaller
const known = new Map<string, readonly string[]>()

beforeAll(async () => {
  market = await PortfolioWorld.create()
  await market.facts(backfillFacts())
  await market.symbolBatchDone(...BACKFILL_SESSIONS)
  await market.refresh(BACKFILL.to)
  world = await ApiWorld.start({ store: market.store, now: '2025-07-23T01:30:00Z' })
  const { userId: id } = market
  owner = await world.as({ id, email: 'owner@example.com', fullName: 'Owner', isAdmin: false })
  admin = await world.admin()
  const ids = async (table: string) =>
    (
      await market.rows<{ id: string }>(
        sql`select id from ${sql.table(table)} order by id limit 20`,
      )
    ).map((row) => row.id)
  known.set('portfolioId', await ids('portfolios'))
  known.set('portfolio_id', await ids('portfolios'))
  known.set('positionId', await ids('positions'))
  known.set('changeId', await ids('equity_changes'))
  known.set('closingId', await ids('position_realized_events'))
  known.set('symbol', ['ALTO', 'DYNA', 'NEWCO'])
})
afterAll(async () => {
  await world.stop()
  await market[Symbol.asyncDispose]()
})

const { paths, components } = openApiOf(ENDPOINTS)
const schemas = (components as { schemas: Schema }).schemas
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => {
    const own = operation as unknown as Operation
    return [`${method.toUpperCase()} ${path}`, { path, method, ...own }] as const
  }),
)

/** Values for parameters: what exists, what the schema allows, and junk. */
function parameterArbitrary(place: 'path' | 'query', parameters: readonly Parameter[]) {
  const own = parameters.filter((parameter) => parameter.in === place)
  const model = own.map(({ name, schema }) => {
    const any = arbitraryOf(schema, schemas)
    const real = known.get(name)
    return [name, real === undefined ? any : fc.oneof(fc.constantFrom(...real), any)] as const
  })
  const requiredKeys = own.filter(({ required }) => required).map(({ name }) => name)
  return fc.record(Object.fromEntries(model), { requiredKeys })
}

function textOf(value: unknown = ''): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.isWellFormed() ? text : 'x'
}

function addressOf(path: string, params: Readonly<Record<string, unknown>>, query: object): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(textOf(params[name]) || 'x'),
  )
  const texts = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    textOf(value),
  ])
  const search = new URLSearchParams(texts).toString()
  return search === '' ? filled : `${filled}?${search}`
}

describe.each(operations)('%s', (_name, operation) => {
  const { path, method, parameters = [], requestBody } = operation

  test('never fails on requests that are made from its own description', async () => {
    const caller = operation['x-auth'] === 'admin' && !STARTS_PROGRAMS.test(path) ? admin : owner
    const json = requestBody?.content['application/json']?.schema
    const form = requestBody?.content['multipart/form-data']?.schema
    const body = json ?? form
    const request = fc.record({
      params: parameterArbitrary('path', parameters),
      query: parameterArbitrary('query', parameters),
      body: body === undefined ? fc.constant(undefined) : arbitraryOf(body, schemas),
    })
    const property = fc.asyncProperty(request, async ({ params, query, body: sent }) => {
      const address = addressOf(path, params, query)
      const options =
        form === undefined ? (sent === undefined ? {} : { json: sent }) : { raw: formOf(sent) }
      const reply = await caller.call(method.toUpperCase(), address, options)
      const code = (reply.body as { code?: string } | undefined)?.code
      const isHonest = reply.status === 503 && HONEST_503.includes(code ?? '')
      expect({ status: reply.status < 500 || isHonest, text: reply.text }).toEqual({
        status: true,
        text: reply.text,
      })
      expect(reply.headers.get('x-request-id')).not.toBeNull()
    })
    // A path without any variation is asked once.
    const isFixed = parameters.length === 0 && body === undefined
    const seed = chooseSeed('SOAK_REQUESTS_SEED')
    const isStarting = STARTS_PROGRAMS.test(path) && operation['x-auth'] !== 'admin'
    await fc.assert(property, { numRuns: isFixed ? 1 : isStarting ? 2 : REQUESTS, seed })
  })
})

function formOf(value: unknown): FormData {
  const form = new FormData()
  if (typeof value !== 'object' || value === null) return form
  for (const [name, field] of Object.entries(value)) {
    if (name === 'csv_file') {
      const lines = `Symbol,Quantity,Entry Price Per Share,Entry Date\nDYNA,1,2,2025-07-01\n`
      form.append(name, new Blob([typeof field === 'string' ? field : lines]), 'a.csv')
    } else form.append(name, textOf(field))
  }
  return form
}

test('nothing was logged as a failure of ours', () => {
  const failures = world.log.lines.filter(({ message }) => message === 'request_failed')
  expect(failures).toEqual([])
})
