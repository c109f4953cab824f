import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Validator } from '@seriousme/openapi-schema-validator'
import { sql } from 'kysely'
import { ENDPOINTS } from '../../src/features/index.ts'
import type { Endpoint, Method } from '../../src/http/endpoint.ts'
import { isMultipart } from '../../src/http/parse-input.ts'
import { ApiWorld, type UserCaller } from '../harness/api-world.ts'
import { rawCall, type RawReply } from '../harness/raw-call.ts'

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const SOME_ID = '3f0c1f1e-9a53-4b43-8d43-0a4f8e0f7c11'
const nameOf = ({ method, url }: Endpoint) => `${method} ${url}`

let world: ApiWorld
let owner: UserCaller
let stranger: UserCaller
let admin: UserCaller
let portfolioId: string

beforeAll(async () => {
  world = await ApiWorld.start()
  owner = await world.user()
  stranger = await world.user()
  admin = await world.admin()
  const { rows } = await sql<{ id: string }>`
    insert into portfolios (user_id, name, account_name, account_type, equity_balance, initial_equity)
    values (${owner.user.id}, 'Own', 'Own', 'taxable', 1000, 1000) returning id
  `.execute(world.store.database.db)
  portfolioId = rows[0]?.id ?? ''
})
afterAll(() => world[Symbol.asyncDispose]())

/** The endpoint's address with an id in every place. */
function addressOf({ url, query }: Endpoint): string {
  const path = url.replaceAll(/:(\w+)/g, (_match, name: string) => {
    if (name === 'portfolioId') return portfolioId
    return name === 'symbol' ? 'AAPL' : SOME_ID
  })
  const isAbout = query !== null && 'portfolio_id' in query.shape
  return world.url + path + (isAbout ? `?portfolio_id=${portfolioId}` : '')
}

const plus = (address: string, query: string) =>
  `${address}${address.includes('?') ? '&' : '?'}${query}`

/** Whoever may call it. */
function callerOf({ auth }: Endpoint): Readonly<Record<string, string>> {
  if (auth === 'none') return {}
  return { authorization: `Bearer ${(auth === 'admin' ? admin : owner).token}` }
}

const JSON_BODY = { 'content-type': 'application/json' }

/** An error answer must be a problem with its request's id, and tell nothing of what is inside. */
function expectProblem(reply: RawReply, status: number, codes: readonly string[]): void {
  const problem = reply.text.startsWith('{')
    ? (JSON.parse(reply.text) as Record<string, unknown>)
    : {}
  expect({ status: reply.status, type: reply.headers['content-type'], text: reply.text }).toEqual({
    status,
    type: 'application/problem+json; charset=utf-8',
    text: reply.text,
  })
  expect(codes).toContain(problem['code'])
  expect(problem).toMatchObject({ status, request_id: reply.headers['x-request-id'] })
  expectNoLeak(reply.text)
}

function expectNoLeak(text: string): void {
  expect(text).not.toMatch(/node_modules|\.ts:\d|\bat \w+.*\(|kysely|postgres|\bselect .* from\b/i)
  expect(text).not.toContain(import.meta.dirname.split('/apps/')[0])
}

describe.each(ENDPOINTS.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
  '%s',
  (_name, endpoint) => {
    const { method, auth, url, body, query } = endpoint
    const call = (options: Partial<Parameters<typeof rawCall>[1]> & { address?: string }) =>
      rawCall(options.address ?? addressOf(endpoint), {
        method: options.method ?? method,
        headers: { ...callerOf(endpoint), ...options.headers },
        body: options.body ?? null,
      })

    if (auth !== 'none') {
      test('answers 401 without a token, with an expired one and with one that is none', async () => {
        const tokens = [
          ['', 'UNAUTHENTICATED'],
          ['Basic abc', 'UNAUTHENTICATED'],
          [`Bearer ${await world.tokenFrom(owner.user.id, 61)}`, 'TOKEN_EXPIRED'],
          ['Bearer x.y.z', 'TOKEN_INVALID'],
          [`Bearer ${await world.tokenFrom(SOME_ID, 0)}`, 'TOKEN_INVALID'],
        ] as const
        for (const [authorization, code] of tokens) {
          const reply = await call({ headers: { authorization } })
          expectProblem(reply, 401, [code])
          expect(reply.headers['www-authenticate']).toMatch(/^Bearer /)
        }
      })
    }

    if (auth === 'admin') {
      test('answers 403 to a user', async () => {
        const authorization = `Bearer ${owner.token}`
        expectProblem(await call({ headers: { authorization } }), 403, ['FORBIDDEN'])
      })
    }

    const isOwned =
      url.includes(':portfolioId') || (query !== null && 'portfolio_id' in query.shape)
    if (auth === 'user' && isOwned) {
      test("answers 404 for another's portfolio", async () => {
        const authorization = `Bearer ${stranger.token}`
        expectProblem(await call({ headers: { authorization } }), 404, ['PORTFOLIO_NOT_FOUND'])
      })
    }

    if (url.includes(':') && !url.includes(':symbol')) {
      test('answers 400 to what is no id', async () => {
        const address = world.url + url.replaceAll(/:\w+/g, 'x')
        expectProblem(await call({ address }), 400, ['VALIDATION_FAILED'])
      })
    }

    test('answers 405 to another method, and names those there are', async () => {
      const own = ENDPOINTS.filter((other) => other.url === url).map((other) => other.method)
      for (const wrong of METHODS.filter((other) => !own.includes(other))) {
        const reply = await call({ method: wrong })
        expectProblem(reply, 405, ['METHOD_NOT_ALLOWED'])
        for (const name of own) expect(reply.headers['allow']).toContain(name)
      }
    })

    test('answers 415 to another content type', async () => {
      const headers = { 'content-type': 'text/xml' }
      expectProblem(await call({ headers, body: '<a/>' }), 415, ['UNSUPPORTED_MEDIA_TYPE'])
    })

    test('answers 413 to a body that is too large', async () => {
      if (body !== null && isMultipart(body)) {
        const content = Buffer.alloc(2 * body.file.maxBytes + 200_000, 97)
        const headers = { 'content-type': 'multipart/form-data; boundary=b' }
        expectProblem(await call({ headers, body: content }), 413, ['BODY_TOO_LARGE'])
        return
      }
      const large = JSON.stringify({ x: 'x'.repeat((endpoint.maxBodyBytes ?? 100_000) + 1) })
      expectProblem(await call({ headers: JSON_BODY, body: large }), 413, ['BODY_TOO_LARGE'])
    })

    test('answers 400 to an unknown field', async () => {
      const unknown = plus(addressOf(endpoint), 'unknown_field=1')
      expectProblem(await call({ address: unknown }), 400, ['VALIDATION_FAILED'])
      if (body !== null && isMultipart(body)) {
        const part = 'content-disposition: form-data; name="unknown_field"'
        const form = `--b\r\n${part}\r\n\r\n1\r\n--b--\r\n`
        const headers = { 'content-type': 'multipart/form-data; boundary=b' }
        expectProblem(await call({ headers, body: form }), 400, ['VALIDATION_FAILED'])
        return
      }
      const reply = await call({ headers: JSON_BODY, body: '{"unknown_field":1}' })
      expectProblem(reply, 400, ['VALIDATION_FAILED'])
      const isNamed = reply.text.includes('unknown_field')
      expect(isNamed || body === null).toBe(true)
    })

    test('answers 400 to what is no JSON, and to a form that is none', async () => {
      const isForm = body !== null && isMultipart(body)
      const type = isForm ? 'multipart/form-data; boundary=b' : 'application/json'
      const reply = await call({ headers: { 'content-type': type }, body: '{"a":' })
      expectProblem(reply, 400, ['MALFORMED_JSON', 'MALFORMED_FORM'])
    })
  },
)

describe('the OpenAPI document', () => {
  interface Operation {
    readonly operationId: string
    readonly responses: Readonly<Record<string, unknown>>
  }
  type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>
  const document = async () => (await world.anybody.get<{ paths: Paths }>('/openapi.json')).body

  test('is valid by a validator that others wrote', async () => {
    const copy: Record<string, unknown> = { ...structuredClone(await document()) }
    expect(await new Validator().validate(copy)).toEqual({ valid: true })
  })

  test('has the paths that are served, no more and no fewer, each once', async () => {
    const { paths } = await document()
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const served = ENDPOINTS.map((endpoint) =>
      nameOf(endpoint).replaceAll(/:(\w+)/g, (_match, name: string) => `{${name}}`),
    )
    expect(documented.toSorted()).toEqual(served.toSorted())
    expect(new Set(served).size).toBe(served.length)
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('documents what every endpoint answers', async () => {
    const { paths } = await document()
    for (const methods of Object.values(paths)) {
      for (const { responses } of Object.values(methods)) {
        expect(Object.keys(responses).some((status) => /^2/.test(status))).toBe(true)
        expect(responses).toHaveProperty('default')
      }
    }
  })

  test('is to be read as a page that needs nothing from elsewhere', async () => {
    const { status, text, headers } = await world.anybody.get('/docs')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).not.toMatch(/<script|src=|https?:\/\//)
    for (const { url } of ENDPOINTS) expect(text).toContain(url.replaceAll(/:(\w+)/g, '{$1}'))
  })
})

test.each([
  'trigger/daily',
  'trigger/greeks',
  'trigger/factors',
  'trigger/stress-tests',
  'trigger/snapshot',
  `jobs/${SOME_ID}/cancel`,
  'schedules',
  'scheduler/pause',
  'scheduler/resume',
])('admin/batch/%s is not there for anybody', async (path) => {
  for (const method of METHODS) {
    const reply = await admin.call(method, `/api/v1/admin/batch/${path}`, {})
    expect({ method, status: reply.status }).toEqual({ method, status: 404 })
  }
})
