import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApiWorld } from '../harness/api-world.ts'
import { rawCall } from '../harness/raw-call.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
const ME = '/api/v1/auth/me'

describe('every request', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await ApiWorld.start()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const lineOf = (requestId: string) =>
    world.log.lines.find((line) => line['request_id'] === requestId)

  test('keeps the id it came with, in the answer, the problem and the log', async () => {
    const headers = { 'x-request-id': 'order-66:a.b_c' }
    const reply = await world.anybody.get(ME, { headers })
    expect(reply.headers.get('x-request-id')).toBe('order-66:a.b_c')
    expect(reply.body).toMatchObject({ request_id: 'order-66:a.b_c' })
    expect(lineOf('order-66:a.b_c')).toMatchObject({
      level: 'info',
      message: 'request',
      module: 'api',
      method: 'GET',
      path: ME,
      status: 401,
    })
  })

  test.each(['', 'a b', '"><script>', 'x'.repeat(65)])(
    'gets an id where it came with %j',
    async (given) => {
      const reply = await world.anybody.get(ME, { headers: { 'x-request-id': given } })
      expect(reply.headers.get('x-request-id')).toMatch(UUID)
    },
  )

  test('is logged without its query, its body and its token, but with its user', async () => {
    const ann = await world.user()
    const before = world.log.lines.length
    const login = { email: ann.user.email, password: 'hunter2 hunter2 hunter2' }
    await ann.post('/api/v1/auth/login', login)
    await ann.get(`${ME}?secret=swordfish`)
    const lines = JSON.stringify(world.log.lines.slice(before))
    expect(lines).toContain('"path":"/api/v1/auth/me"')
    expect(lines).toContain(ann.user.id)
    for (const secret of ['hunter2', 'swordfish', ann.token, ann.user.email]) {
      expect(lines).not.toContain(secret)
    }
  })

  test('is answered with headers that keep a browser from being tricked', async () => {
    const { headers } = await world.anybody.get('/docs')
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test('for an address where nothing is answers 404 as a problem', async () => {
    for (const path of ['/nothing', '/api/v1', '/api/v1/portfolios/%E0%A4%A', '//', '/%00']) {
      const reply = await rawCall(world.url + path, { method: 'GET', headers: {}, body: null })
      expect(reply.headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect([400, 401, 404]).toContain(reply.status)
    }
  })

  test('that names its encoding wrongly is refused', async () => {
    const call = (headers: Readonly<Record<string, string>>) =>
      rawCall(`${world.url}/api/v1/auth/login`, { method: 'POST', headers, body: '{}' })
    const json = 'application/json'
    const cases = [
      [{ 'content-type': json, 'content-encoding': 'zip' }, 415],
      [{ 'content-type': `${json}; charset=utf-16x` }, 415],
      [{ 'content-type': `${json}x` }, 415],
    ] as const
    for (const [headers, status] of cases) expect((await call(headers)).status).toBe(status)
  })
})

test('pages of the origins that are named may call, others may not', async () => {
  await using world = await ApiWorld.start({ env: { CORS_ORIGINS: 'https://app.example.com' } })
  const allowed = async (origin: string) => {
    const { headers } = await world.anybody.get('/docs', { headers: { origin } })
    return headers.get('access-control-allow-origin')
  }
  expect(await allowed('https://app.example.com')).toBe('https://app.example.com')
  expect(await allowed('https://evil.example.com')).toBeNull()
  const preflight = await rawCall(`${world.url}${ME}`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example.com',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    },
    body: null,
  })
  expect(preflight).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-headers': 'authorization' },
  })
})

test('an address that calls too often is told to wait, by its kind of call', async () => {
  await using world = await ApiWorld.start({ rateLimits: { reads: 3, writes: 2 } })
  const statuses: number[] = []
  for (let i = 0; i < 4; i++) statuses.push((await world.anybody.get('/docs')).status)
  for (let i = 0; i < 3; i++) {
    statuses.push((await world.anybody.post('/api/v1/auth/login', {})).status)
  }
  expect(statuses).toEqual([200, 200, 200, 429, 400, 400, 429])
})

test('in maintenance users read and log in, and change nothing', async () => {
  await using world = await ApiWorld.start({ env: { MAINTENANCE_MODE: 'true' } })
  const ann = await world.user()
  expect((await ann.get('/api/v1/portfolios')).status).toBe(200)
  expect((await ann.post('/api/v1/auth/login', { email: 'a@b.cd', password: 'x' })).status).toBe(
    401,
  )
  const id = '3f0c1f1e-9a53-4b43-8d43-0a4f8e0f7c11'
  for (const reply of [
    await ann.delete(`/api/v1/portfolios/${id}`),
    await ann.post(`/api/v1/portfolios/${id}/equity-changes`, {}),
    await ann.form('/api/v1/onboarding/create-portfolio', {}),
  ]) {
    expect(reply).toMatchObject({ status: 503, body: { code: 'MAINTENANCE' } })
    expect(reply.headers.get('retry-after')).toBe('600')
  }
})
