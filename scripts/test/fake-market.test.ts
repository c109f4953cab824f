import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startProgram, type StartedProgram } from '../../packages/core/test/harness/run-program.ts'
import { until } from '../../packages/core/test/harness/until.ts'

/** The evening of the day on which DYNA splits 4:1. */
const NOW = '2026-06-09T01:00:00Z'
/** Of what it says of itself. */
const LAST_LINE = 'PRICE_PROVIDERS=yahoo,polygon\n'
const CHART =
  '/v8/finance/chart/DYNA?period1=1780000000&period2=1781000000&interval=1d&events=split'

interface Chart {
  readonly chart: {
    readonly result: readonly {
      readonly timestamp: readonly number[]
      readonly events?: {
        readonly splits: Readonly<Record<string, { readonly splitRatio: string }>>
      }
      readonly indicators: { readonly quote: readonly { readonly close: readonly number[] }[] }
    }[]
  }
}

describe('ops fake-market', () => {
  let folder: string
  let program: StartedProgram | null
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fake-market-'))
    program = null
  })
  afterEach(async () => {
    program?.process.kill('SIGKILL')
    await rm(folder, { recursive: true })
  })

  function ops(...args: readonly string[]): StartedProgram {
    program = startProgram('scripts/src/ops/main.ts', ['fake-market', ...args], {
      SIGMASIGHT_NOW: NOW,
    })
    return program
  }

  async function script(content: unknown): Promise<string> {
    const file = join(folder, 'drill.json')
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  }

  /** Starts the server and waits until it has told where it is. */
  async function serve(...args: readonly string[]) {
    const started = ops('--port', '0', ...args)
    let said = ''
    started.process.stdout?.on('data', (text: string) => (said += text))
    let hasEnded = false
    void started.ended.then(() => (hasEnded = true))
    await until('where it is', () => hasEnded || said.includes(LAST_LINE))
    return { ...started, url: /^YAHOO_BASE_URL=(.+)$/m.exec(said)?.[1] ?? said }
  }

  test('serves the demo market, tells how to use it, logs every request, ends on a signal', async () => {
    const started = await serve()
    const { url } = started
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const { chart } = (await (await fetch(url + CHART)).json()) as Chart
    const [dyna] = chart.result
    expect(Object.values(dyna?.events?.splits ?? {})).toMatchObject([{ splitRatio: '4:1' }])
    expect(new Date((dyna?.timestamp.at(-1) ?? 0) * 1000).toISOString()).toBe(
      '2026-06-08T13:30:00.000Z',
    )
    const closes = dyna?.indicators.quote[0]?.close ?? []
    for (const close of closes) expect(Math.abs(close / (closes[0] ?? 0) - 1)).toBeLessThan(0.3)
    await fetch(
      `${url}/v2/aggs/ticker/O:DYNA260717P00025000/range/1/day/2026-06-08/2026-06-08?apiKey=secret`,
    )
    started.process.kill('SIGINT')
    const { code, stdout } = await started.ended
    expect(code).toBe(130)
    expect(stdout.split('\n')).toEqual([
      `YAHOO_BASE_URL=${url}`,
      `POLYGON_BASE_URL=${url}`,
      'POLYGON_API_KEY=any',
      LAST_LINE.trim(),
      '2026-06-09T01:00:00.000Z yahoo chart DYNA 200',
      '2026-06-09T01:00:00.000Z polygon aggregates DYNA260717P00025000 200',
      '',
    ])
  })

  test('rehearses an outage from a script', async () => {
    const fault = { kind: 'status', status: 503 }
    const file = await script({ rules: [{ match: { vendor: 'yahoo' }, calls: 'first', fault }] })
    const started = await serve('--script', file)
    const url = started.url + CHART
    expect([(await fetch(url)).status, (await fetch(url)).status]).toEqual([503, 200])
    started.process.kill('SIGTERM')
    const { code, stdout } = await started.ended
    expect(code).toBe(143)
    expect(stdout).toContain('yahoo chart DYNA 503 fault status\n')
  })

  test('refuses a script in one line that says where it is wrong', async () => {
    const file = await script({ rules: [{ fault: { kind: 'reset' }, calls: 'now and then' }] })
    const { code, stdout, stderr } = await ops('--port', '0', '--script', file).ended
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(new RegExp(`^ops: ${file}: rules\\[0\\]\\.calls: none of: .*\\n$`))
  })

  test('refuses a script that is not there', async () => {
    const file = join(folder, 'none.json')
    const { code, stderr } = await ops('--port', '0', '--script', file).ended
    expect([code, stderr]).toEqual([2, `ops: --script ${file} cannot be read\n`])
  })

  test('refuses a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { code, stderr } = await ops('--port', String(port)).ended
    server.close()
    expect(code).toBe(2)
    expect(stderr).toMatch(new RegExp(`^ops: --port ${port} cannot be used: .*EADDRINUSE.*\\n$`))
  })
})
