import { describe, expect, test } from '@jest/globals'
import { parseScript, type Script } from '../src/index.ts'
import { selectsCall } from '../src/script/call-selector.ts'
import { chartPath, enterYahoo, evening, startWorld } from './world.ts'

const FAULT = '"fault": { "kind": "reset" }'

describe('a script file', () => {
  test.each([
    ['{', /^s\.json: no JSON: .+/],
    ['[]', /^s\.json: Invalid input: expected object, received array$/],
    ['{ "rule": [] }', /^s\.json: Unrecognized key: "rule"$/],
    ['{ "rules": [{}] }', /^s\.json: rules\[0\]\.fault: Invalid input: expected object/],
    [
      '{ "rules": [{ "fault": { "kind": "oops" } }] }',
      /^s\.json: rules\[0\]\.fault\.kind: Invalid /,
    ],
    [
      '{ "rules": [{ "fault": { "kind": "status", "status": 200 } }] }',
      /^s\.json: rules\[0\]\.fault\.status: Too small: expected number to be >=400$/,
    ],
    [
      `{ "rules": [{ ${FAULT} }, { ${FAULT}, "calls": "the last" }] }`,
      /^s\.json: rules\[1\]\.calls: none of: all, first, call 3, /,
    ],
    [
      `{ "rules": [{ ${FAULT}, "match": { "symbol": "(" } }] }`,
      /^s\.json: rules\[0\]\.match\.symbol: no regular expression$/,
    ],
    [
      `{ "rules": [{ ${FAULT}, "from": "tomorrow" }] }`,
      /^s\.json: rules\[0\]\.from: no instant: write one like /,
    ],
    [
      '{ "rules": [{ "match": { "endpoint": "crumb" }, "fault": { "kind": "null_bars" } }] }',
      /^s\.json: rules\[0\]\.fault\.kind: null_bars cannot touch crumb$/,
    ],
    ['{ "startsPerMinute": { "polygon": "5" } }', /^s\.json: startsPerMinute\.polygon: Invalid /],
  ])('%s is refused in one line that says where', (text, message) => {
    expect(() => parseScript(text, 's.json')).toThrow(message)
    expect(() => parseScript(text, 's.json')).toThrow(/^[^\n]*$/)
  })

  test('may be empty', () => {
    expect(parseScript('{}', 's.json')).toEqual({ startsPerMinute: {}, rules: [] })
  })
})

test.each([
  ['all', [1, 2, 3, 4, 5, 6]],
  ['first', [1]],
  ['call 4', [4]],
  ['from call 4', [4, 5, 6]],
  ['middle of 5', [3]],
  ['middle of 6', [3]],
  ['last of 6', [6]],
  ['every 2', [2, 4, 6]],
  ['chance 0.5', [1, 3, 5]],
])('"%s" takes the calls %j', (selector, taken) => {
  const draws = [0.1, 0.9, 0.499, 0.5, 0.2, 0.7]
  const calls = [1, 2, 3, 4, 5, 6].filter((n) => selectsCall(selector, n, () => draws[n - 1] ?? 0))
  expect(calls).toEqual(taken)
})

describe('a rule', () => {
  const path = (symbol: string) => chartPath(symbol, '2014-06-01', '2014-06-14')

  async function statuses(script: Script, paths: readonly string[]): Promise<readonly number[]> {
    await using market = await startWorld({ script })
    const seen: number[] = []
    for (const path of paths) seen.push((await fetch(market.url + path)).status)
    return seen
  }

  test('acts on the calls it matches alone, and counts only those', async () => {
    const match = { vendor: 'yahoo', endpoint: 'chart', symbol: '^AAPL$', method: 'GET' } as const
    const rules = [{ match, calls: 'call 2', fault: { kind: 'status', status: 503 } }] as const
    const paths = ['AAPL', 'BRK-B', 'AAPL', 'AAPL'].map(path)
    expect(await statuses({ rules: [...rules] }, paths)).toEqual([200, 200, 503, 200])
  })

  test('leaves the decision to an earlier one that acts as well', async () => {
    const rules: Script['rules'] = [
      { calls: 'every 2', fault: { kind: 'status', status: 500 } },
      { calls: 'from call 2', fault: { kind: 'status', status: 429 } },
    ]
    expect(await statuses({ rules }, ['AAPL', 'AAPL', 'AAPL'].map(path))).toEqual([200, 500, 429])
  })

  test('holds from one instant of the market clock until before another', async () => {
    await using market = await startWorld({
      script: {
        rules: [
          {
            from: '2014-06-10T21:00:00Z',
            until: '2014-06-12T21:00:00Z',
            fault: { kind: 'status', status: 503 },
          },
        ],
      },
    })
    const seen: number[] = []
    for (const day of ['2014-06-09', '2014-06-10', '2014-06-11', '2014-06-12']) {
      market.setNow(evening(day))
      seen.push((await fetch(market.url + path('AAPL'))).status)
    }
    expect(seen).toEqual([200, 503, 503, 200])
  })

  test('is replaced with its counts by another script', async () => {
    const script: Script = { rules: [{ calls: 'first', fault: { kind: 'status', status: 500 } }] }
    await using market = await startWorld({ script })
    const ask = async () => (await fetch(market.url + path('AAPL'))).status
    const before = [await ask(), await ask()]
    market.setScript(script)
    const again = [await ask(), await ask()]
    market.setScript({})
    expect([...before, ...again, await ask()]).toEqual([500, 200, 500, 200, 200])
  })
})

test('every request is in the log with what it asked, when, and what it got', async () => {
  await using market = await startWorld({
    steadyMs: () => 12,
    script: { rules: [{ match: { endpoint: 'quote' }, fault: { kind: 'reset' } }] },
  })
  const { cookie, crumb } = await enterYahoo(market)
  const quote = `${market.url}/v7/finance/quote?symbols=AAPL,BRK-B&crumb=${crumb}`
  await expect(fetch(quote, { headers: { cookie } })).rejects.toThrow('fetch failed')
  await fetch(`${market.url}/nowhere`)
  expect(market.requests.map(({ endpoint }) => endpoint)).toEqual([
    'cookie',
    'crumb',
    'quote',
    null,
  ])
  expect(market.requests[2]).toEqual({
    method: 'GET',
    path: '/v7/finance/quote',
    query: { symbols: 'AAPL,BRK-B', crumb: decodeURIComponent(crumb) },
    vendor: 'yahoo',
    endpoint: 'quote',
    symbols: ['AAPL', 'BRK.B'],
    at: evening('2014-06-13'),
    steadyMs: 12,
    status: null,
    fault: 'reset',
  })
  expect(market.requests[3]).toMatchObject({ path: '/nowhere', status: 404, fault: null })
})

test('a source that fails is an answer that says so', async () => {
  await using market = await startWorld({
    source: {
      symbols: ['AAPL'],
      bars: () => {
        throw new Error('no bars today')
      },
      session: () => null,
    },
  })
  const response = await fetch(market.url + chartPath('AAPL', '2014-06-01', '2014-06-14'))
  expect([response.status, await response.text()]).toEqual([500, 'fake market: no bars today'])
})
