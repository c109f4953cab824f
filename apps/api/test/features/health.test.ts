import { createServer, connect, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { createTestDatabase } from '../../../../packages/core/test/harness/test-database.ts'
import { until } from '../../../../packages/core/test/harness/until.ts'
import { ApiWorld } from '../harness/api-world.ts'

/** A wire to the database that can be cut. */
async function cuttable(
  url: string,
): Promise<{ url: string; cut(): void; mend(): void; server: Server }> {
  const target = new URL(url)
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((socket) => {
    if (isCut) return void socket.destroy()
    const host = decodeURIComponent(target.hostname)
    const onward = host.startsWith('/')
      ? connect(`${host}/.s.PGSQL.${target.port}`)
      : connect(Number(target.port), host)
    for (const each of [socket, onward]) {
      open.add(each)
      each.on('error', () => undefined)
      each.on('close', () => {
        socket.destroy()
        onward.destroy()
        open.delete(each)
      })
    }
    socket.pipe(onward).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((server.address() as { port: number }).port)
  return {
    url: through.href,
    server,
    cut() {
      isCut = true
      for (const socket of open) socket.destroy()
    },
    mend() {
      isCut = false
    },
  }
}

describe('health', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await ApiWorld.start()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('the process says that it lives', async () => {
    for (const path of ['/health', '/health/live']) {
      expect(await world.anybody.get(path)).toMatchObject({ status: 200, body: { status: 'ok' } })
    }
  })

  test('it is ready from the cache once that is loaded', async () => {
    await until('ready', async () => (await world.anybody.get('/health/ready')).status === 200)
    expect(await world.anybody.get('/health/ready')).toMatchObject({
      body: { status: 'ready', mode: 'cache', symbols_loaded: expect.any(Number) },
    })
  })

  test('its status tells of database, caches and mode', async () => {
    const { body } = await world.anybody.get('/health/status')
    expect(body).toMatchObject({
      status: 'ready',
      batch_mode: 'v2',
      maintenance: false,
      database: { reachable: true, latency_ms: expect.any(Number) },
      cache: { loaded: true, refreshes: expect.any(Number) },
      answers: { hits: 0, misses: 0, hit_rate: null },
    })
  })

  test('prerequisites are met by a new database, and name what is lacking', async () => {
    const { db } = world.store.database
    expect(await world.anybody.get('/health/prerequisites')).toMatchObject({
      status: 200,
      body: { status: 'met' },
    })
    await sql`update stress_test_scenarios set active = false where scenario_id like 'rates%'`.execute(
      db,
    )
    const lacking = await world.anybody.get('/health/prerequisites')
    await sql`update stress_test_scenarios set active = true where scenario_id like 'rates%'`.execute(
      db,
    )
    expect(lacking).toMatchObject({
      status: 503,
      body: {
        status: 'lacking',
        prerequisites: [
          { name: 'factor_definitions', is_met: true },
          { name: 'stress_scenarios', is_met: false, required: 'at least 18 active', found: '12' },
          { name: 'schema', is_met: true },
        ],
      },
    })
  })

  test('metrics are in the text form of Prometheus, what other processes did among them', async () => {
    await sql`
      insert into batch_run_tracking (batch_type, batch_date, status, completed_at)
      values ('symbol_batch', '2025-07-10', 'completed', now())
    `.execute(world.store.database.db)
    const { status, text, headers } = await world.anybody.get('/metrics')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/plain')
    expect(text).toMatch(/^v2_freshness_sessions_behind\{layer="symbol_batch"\} \d+$/m)
    expect(text).toMatch(/^v2_cache_loaded 1$/m)
    expect(text).toMatch(/^v2_cache_hits\{cache="answers"\} 0$/m)
    expect(text).toMatch(/^v2_schedule_overdue\{layer="portfolio_refresh"\} 1$/m)
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m)
    // No run has told it yet, and a zero would look like an outage.
    expect(text).not.toMatch(/^v2_symbol_batch_symbols_processed /m)
  })

  test('the state of the cache is for administrators', async () => {
    const path = '/api/v1/admin/cache/status'
    expect((await world.anybody.get(path)).status).toBe(401)
    expect((await (await world.user()).get(path)).status).toBe(403)
    expect(await (await world.admin()).get(path)).toMatchObject({
      status: 200,
      body: { symbols: { loaded: true, listening: true }, answers: { hits: 0 } },
    })
  })
})

describe('a server whose database goes away', () => {
  test('lives, is not ready, and is ready again when it comes back', async () => {
    await using store = await createTestDatabase()
    const wire = await cuttable(store.url)
    const world = await ApiWorld.start({ store: { ...store, url: wire.url } })
    const readiness = async () => (await world.anybody.get('/health/ready')).status
    await until('ready', async () => (await readiness()) === 200)
    wire.cut()
    await until('not ready', async () => (await readiness()) === 503)
    expect((await world.anybody.get('/health/ready')).body).toMatchObject({ status: 'unavailable' })
    expect((await world.anybody.get('/health/live')).status).toBe(200)
    expect((await world.anybody.get('/health/status')).body).toMatchObject({
      database: { reachable: false, latency_ms: null },
    })
    wire.mend()
    await until('ready', async () => (await readiness()) === 200)
    await world.stop()
    wire.server.close()
  })
})
