import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createHealthPings } from '../../src/alerts/create-health-pings.ts'
import { AMPLE_MS, SHORT_MS, startHookServer, type HookServer } from './hook-server.ts'
import { recordingLog } from './recording-log.ts'

let hook: HookServer
beforeEach(async () => {
  hook = await startHookServer()
})
afterEach(async () => {
  await hook[Symbol.asyncDispose]()
})

function newPings({
  url = hook.url,
  timeoutMs = AMPLE_MS,
}: { url?: string | null; timeoutMs?: number } = {}) {
  const { log, lines } = recordingLog()
  const sleep = () => Promise.resolve()
  return { pings: createHealthPings({ url, fetch, sleep, log, timeoutMs }), lines }
}

describe('health pings', () => {
  test('go to the address itself for success, and below it for start and failure', async () => {
    const { pings } = newPings()
    await pings.start()
    await pings.success()
    await pings.fail()
    expect(hook.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /hooks/s3cret/start',
      'GET /hooks/s3cret',
      'GET /hooks/s3cret/fail',
    ])
  })

  test('keep the query of the address behind the path', async () => {
    await newPings({ url: `${hook.url}/?create=1` }).pings.fail()
    expect(hook.calls[0]?.path).toBe('/hooks/s3cret/fail?create=1')
  })

  test('that stall are given up: the start at once, the end after four attempts', async () => {
    hook.replies.push(...Array.from({ length: 5 }, () => 'stall' as const))
    const { pings, lines } = newPings({ timeoutMs: SHORT_MS })
    await pings.start()
    expect(hook.calls).toHaveLength(1)
    await pings.success()
    expect(hook.calls).toHaveLength(5)
    expect(lines).toMatchObject([
      { level: 'warn', message: 'health_ping_failed', fields: { ping: '/start' } },
      { level: 'warn', message: 'health_ping_failed', fields: { ping: '/' } },
    ])
    expect(JSON.stringify(lines)).not.toContain('s3cret')
  })

  test('without an address are none', async () => {
    const { pings, lines } = newPings({ url: null })
    await pings.start()
    await pings.fail()
    expect(lines).toEqual([])
  })
})
