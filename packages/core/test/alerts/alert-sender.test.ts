import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { DateTime } from 'luxon'
import type { Alert } from '../../src/alerts/alert.ts'
import { createAlertSender } from '../../src/alerts/create-alert-sender.ts'
import { selectFiringAlerts } from '../../src/alerts/store/select-firing-alerts.ts'
import { openDatabase, type Database } from '../../src/database/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'
import { until } from '../harness/until.ts'
import { AMPLE_MS, SHORT_MS, startHookServer, type HookServer } from './hook-server.ts'
import { recordingLog } from './recording-log.ts'

const FAILED: Alert = {
  key: 'symbol_batch.failed',
  severity: 'critical',
  title: 'Symbol batch failed',
  text: '2025-07-02 prices: no close of SPY',
  facts: { target_date: '2025-07-02', batch_run_id: null },
}
const SLOW: Alert = { ...FAILED, key: 'symbol_batch.duration_seconds', title: 'It was slow' }

let store: TestDatabase
let hook: HookServer
let now: DateTime<true>

beforeAll(async () => {
  store = await createTestDatabase()
})
afterAll(() => store.drop())
beforeEach(async () => {
  await sql`truncate daily_metrics`.execute(store.database.db)
  hook = await startHookServer()
  now = DateTime.utc(2025, 7, 3, 1, 20) as DateTime<true>
})
afterEach(async () => {
  await hook[Symbol.asyncDispose]()
})

/** A process of its own as far as alerts are concerned: it shares the database only. */
function newSender({
  webhookUrl = hook.url,
  database = store.database,
  timeoutMs = AMPLE_MS,
}: { webhookUrl?: string | null; database?: Database; timeoutMs?: number } = {}) {
  const { log, lines } = recordingLog()
  const slept: number[] = []
  const sender = createAlertSender({
    webhookUrl,
    database,
    log,
    fetch,
    timeoutMs,
    clock: { now: () => now },
    sleep: (ms) => {
      slept.push(ms)
      return Promise.resolve()
    },
  })
  return { sender, lines, slept, events: () => lines.map(({ message }) => message) }
}

describe('an alert', () => {
  test('is one JSON message that Slack and Discord read', async () => {
    await newSender().sender.send([FAILED])
    const body =
      '[CRITICAL] Symbol batch failed\n2025-07-02 prices: no close of SPY\ntarget_date: 2025-07-02'
    expect(hook.calls).toMatchObject([{ method: 'POST', path: '/hooks/s3cret' }])
    expect(hook.messages()).toEqual([
      { text: body, content: body, allowed_mentions: { parse: [] } },
    ])
  })

  test('is sent once in six hours per key, whichever process asks', async () => {
    await newSender().sender.send([FAILED])
    now = now.plus({ hours: 5, minutes: 59, seconds: 59 })
    await newSender().sender.send([FAILED, SLOW])
    expect(hook.titles()).toEqual(['[CRITICAL] Symbol batch failed', '[CRITICAL] It was slow'])
    now = now.plus({ seconds: 1 })
    await newSender().sender.send([FAILED, SLOW])
    expect(hook.titles().slice(2)).toEqual(['[CRITICAL] Symbol batch failed'])
  })

  test('stays within its six hours over midnight', async () => {
    now = now.set({ hour: 23 })
    await newSender().sender.send([FAILED])
    now = now.plus({ hours: 2 })
    await newSender().sender.send([FAILED])
    expect(hook.calls).toHaveLength(1)
  })

  test('of twenty processes at once is sent by one', async () => {
    await Promise.all(Array.from({ length: 20 }, () => newSender().sender.send([FAILED])))
    expect(hook.calls).toHaveLength(1)
  })

  test('is logged even when it is not sent again', async () => {
    await newSender().sender.send([FAILED])
    const second = newSender()
    await second.sender.send([FAILED])
    expect(second.lines).toMatchObject([
      { level: 'error', message: 'alert', fields: { key: FAILED.key, title: FAILED.title } },
    ])
  })

  test('without a webhook is logged only', async () => {
    const { sender, events } = newSender({ webhookUrl: null })
    await sender.send([FAILED])
    await sender.resolve([FAILED.key])
    expect(events()).toEqual(['alert'])
    expect(await selectFiringAlerts(store.database.db)).toEqual([])
  })

  test('carries no secret and no e-mail, and calls nobody', async () => {
    const text =
      'cannot reach postgres://ann:hunter2@db/x for ann@example.com <!channel> & @everyone ?token=abc123'
    await newSender().sender.send([{ ...FAILED, text, facts: { who: 'bob@example.com' } }])
    const [message] = hook.messages()
    for (const secret of ['hunter2', 'abc123', 'example.com']) {
      expect(hook.calls[0]?.body).not.toContain(secret)
    }
    expect(message?.text).toContain('&lt;!channel&gt; &amp; @everyone')
    expect(message?.allowed_mentions).toEqual({ parse: [] })
  })

  test('longer than Discord takes is cut, secrets hidden first', async () => {
    const text = `${'x'.repeat(1950)} postgres://ann:hunter2hunter2@db/main`
    await newSender().sender.send([{ ...FAILED, text }])
    const { content = '' } = hook.messages()[0] ?? {}
    expect(content).toHaveLength(2000)
    expect(content).not.toContain('hunter2')
  })
})

describe('a recovery', () => {
  test('is told once, for keys that were alerted, and ends the six hours', async () => {
    const first = newSender()
    await first.sender.send([FAILED])
    now = now.plus({ hours: 1 })
    await newSender().sender.resolve([FAILED.key, SLOW.key])
    await newSender().sender.resolve([FAILED.key, SLOW.key])
    expect(hook.messages()[1]?.content).toBe(
      '[RECOVERED] Symbol batch failed\nfirst alert: 2025-07-03T01:20:00.000Z',
    )
    expect(await selectFiringAlerts(store.database.db)).toEqual([])
    await newSender().sender.send([FAILED])
    expect(hook.titles()).toEqual([
      '[CRITICAL] Symbol batch failed',
      '[RECOVERED] Symbol batch failed',
      '[CRITICAL] Symbol batch failed',
    ])
  })

  test('of twenty processes at once is told by one', async () => {
    await newSender().sender.send([FAILED])
    await Promise.all(Array.from({ length: 20 }, () => newSender().sender.resolve([FAILED.key])))
    expect(hook.titles()).toEqual([
      '[CRITICAL] Symbol batch failed',
      '[RECOVERED] Symbol batch failed',
    ])
  })

  test('that did not get through is told on the next occasion', async () => {
    await newSender().sender.send([FAILED])
    hook.replies.push(400)
    const refused = newSender()
    await refused.sender.resolve([FAILED.key])
    expect(refused.events()).toContain('alert_not_delivered')
    await newSender().sender.resolve([FAILED.key])
    expect(hook.titles().slice(1)).toEqual([
      '[RECOVERED] Symbol batch failed',
      '[RECOVERED] Symbol batch failed',
    ])
    expect(await selectFiringAlerts(store.database.db)).toEqual([])
  })

  test('of an alert that never got through is silent', async () => {
    hook.replies.push(400)
    await newSender().sender.send([FAILED])
    await newSender().sender.resolve([FAILED.key])
    expect(hook.titles()).toEqual(['[CRITICAL] Symbol batch failed'])
    expect(await selectFiringAlerts(store.database.db)).toEqual([])
  })

  test('leaves one row for each day on which it fired', async () => {
    for (const day of [3, 3, 4]) {
      now = DateTime.utc(2025, 7, day, 1, 20) as DateTime<true>
      await newSender().sender.send([FAILED])
      await newSender().sender.resolve([FAILED.key])
    }
    const { rows } = await sql`
      select metric_date, dimensions, value ->> 'state' as state from daily_metrics
      where metric_type = 'alert' order by 1
    `.execute(store.database.db)
    const dimensions = { key: FAILED.key }
    expect(rows).toEqual([
      { metric_date: '2025-07-03', dimensions, state: 'resolved' },
      { metric_date: '2025-07-04', dimensions, state: 'resolved' },
    ])
    expect(hook.calls).toHaveLength(6)
  })
})

describe('a webhook in trouble', () => {
  test('that fails twice is asked a third time, after growing pauses', async () => {
    hook.replies.push(500, 'reset')
    const { sender, slept, events } = newSender()
    await sender.send([FAILED])
    expect(hook.calls).toHaveLength(3)
    expect(slept).toEqual([1000, 3000])
    expect(events()).toEqual(['alert', 'alert_sent'])
  })

  test('that stalls is given up after four attempts; later alerts of the call wait for the next', async () => {
    hook.replies.push('stall', 'stall', 'stall', 'stall')
    const stalled = newSender({ timeoutMs: SHORT_MS })
    await stalled.sender.send([FAILED, SLOW])
    expect(hook.calls).toHaveLength(4)
    expect(stalled.slept).toEqual([1000, 3000, 9000])
    expect(stalled.events()).toEqual(['alert', 'alert', 'alert_not_delivered'])
    await newSender().sender.send([FAILED, SLOW])
    expect(hook.titles().slice(4)).toEqual([
      '[CRITICAL] Symbol batch failed',
      '[CRITICAL] It was slow',
    ])
  })

  test('that refuses is not asked again', async () => {
    hook.replies.push(404)
    const { sender, slept, lines } = newSender()
    await sender.send([FAILED])
    expect(slept).toEqual([])
    expect(lines.at(-1)).toMatchObject({
      message: 'alert_not_delivered',
      fields: { key: FAILED.key, reason: 'answered 404' },
    })
  })

  test.each([
    ['2.5', 2500],
    ['86400', 30_000],
    ['soon', 1000],
  ])('that asks for a wait of %p gets one of %i ms', async (retryAfter, ms) => {
    hook.replies.push({ status: 429, retryAfter })
    const { sender, slept } = newSender()
    await sender.send([FAILED])
    expect(slept).toEqual([ms])
    expect(hook.calls).toHaveLength(2)
  })

  test('that does not exist fails no job, and its address is not logged', async () => {
    const webhookUrl = hook.url
    await hook[Symbol.asyncDispose]()
    const { sender, lines } = newSender({ webhookUrl })
    await sender.send([FAILED])
    expect(lines.at(-1)?.fields['reason']).toBe('not reached: ECONNREFUSED')
    expect(JSON.stringify(lines)).not.toContain('s3cret')
    hook = await startHookServer()
  })
})

describe('a process in trouble', () => {
  test('that dies while sending holds the alert up for three minutes', async () => {
    const dead = Promise.withResolvers<Response>()
    const { log } = recordingLog()
    const dying = createAlertSender({
      webhookUrl: hook.url,
      database: store.database,
      log,
      fetch: () => dead.promise,
      timeoutMs: AMPLE_MS,
      clock: { now: () => now },
      sleep: () => Promise.resolve(),
    })
    const sending = dying.send([FAILED])
    await until(
      'the alert that is being sent',
      () => selectFiringAlerts(store.database.db),
      (firing) => firing.length > 0,
    )
    await newSender().sender.send([FAILED])
    expect(hook.calls).toHaveLength(0)
    now = now.plus({ minutes: 3 })
    await newSender().sender.send([FAILED])
    expect(hook.calls).toHaveLength(1)
    dead.resolve(new Response(null, { status: 204 }))
    await sending
  })

  test('that has lost the database sends all the same, once in six hours', async () => {
    const lost = await openDatabase({ url: store.url, poolMax: 1, applicationName: 'lost' })
    await lost[Symbol.asyncDispose]()
    const { sender, events } = newSender({ database: lost })
    await sender.send([FAILED])
    await sender.send([FAILED])
    await sender.resolve([FAILED.key])
    expect(hook.calls).toHaveLength(1)
    expect(events()).toContain('alert_state_unavailable')
    expect(events()).toContain('alert_recovery_failed')
    now = now.plus({ hours: 6 })
    await sender.send([FAILED])
    expect(hook.calls).toHaveLength(2)
  })
})
