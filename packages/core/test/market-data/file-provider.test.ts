import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from '../harness/fast-check.ts'
import { ConfigError } from '../../src/errors/index.ts'
import { createFileProvider } from '../../src/market-data/providers/file/create-file-provider.ts'
import { describeFileReport } from '../../src/market-data/providers/file/file-report.ts'
import { describeWithShared, sharedFile } from '../harness/shared-data.ts'
import { barsOf, collect, request } from './fetching.ts'

const HEADER = 'date,symbol,open,high,low,close,volume,dividend,split_ratio'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sigmasight-bars-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function write(name: string, text: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function fetch(path: string, symbols: readonly string[], skipBadRows = false) {
  const events: string[] = []
  const log = { warn: (_fields: object, event: string) => void events.push(event) }
  const provider = createFileProvider({ path, skipBadRows, log })
  const outcomes = await collect(
    provider,
    symbols.map((symbol) => request(symbol)),
  )
  return { outcomes, reports: provider.reports(), events }
}

describe('the file provider', () => {
  test('columns may come in any order and letter case, and absent ones are unknown', async () => {
    const path = write('bars.csv', 'Close,SYMBOL,Date\n12.5,aapl,2024-01-02\n')
    const { outcomes } = await fetch(path, ['AAPL'])
    expect(barsOf(outcomes, 'AAPL')).toEqual([
      {
        date: '2024-01-02',
        open: null,
        high: null,
        low: null,
        close: 12.5,
        volume: null,
        dividend: null,
        splitRatio: null,
      },
    ])
  })

  test('empty optional cells are unknown and numbers are rounded as the table stores them', async () => {
    const row = '2024-01-02,A,,10.1234565,,10.1234564,99.5,0.0000004,0.33333333335'
    const { outcomes } = await fetch(write('bars.csv', `${HEADER}\n${row}\n`), ['A'])
    expect(barsOf(outcomes, 'A')).toEqual([
      {
        date: '2024-01-02',
        open: null,
        high: 10.123457,
        low: null,
        close: 10.123456,
        volume: 100,
        dividend: 0,
        splitRatio: 0.3333333334,
      },
    ])
  })

  test('only the days asked for are served, sorted by date', async () => {
    const days = ['2024-01-05', '2024-01-03', '2024-01-02', '2024-01-04']
    const path = write(
      'bars.csv',
      `date,symbol,close\n${days.map((day) => `${day},A,1\n`).join('')}`,
    )
    const provider = createFileProvider({ path, skipBadRows: false })
    const outcomes = await collect(provider, [request('A', '2024-01-03', '2024-01-04')])
    expect(barsOf(outcomes, 'A')?.map(({ date }) => date)).toEqual(['2024-01-03', '2024-01-04'])
  })

  test('an empty close is allowed where the row has a dividend or a split', async () => {
    const rows = '2024-01-02,A,,,,,,0.5,\n2024-01-03,A,,,,,,,2\n'
    const { outcomes } = await fetch(write('bars.csv', `${HEADER}\n${rows}`), ['A'])
    expect(barsOf(outcomes, 'A')).toMatchObject([
      { close: null, dividend: 0.5, splitRatio: null },
      { close: null, dividend: null, splitRatio: 2 },
    ])
  })

  test('a byte order mark, CRLF, quotes and gzip are read', async () => {
    const text = '\uFEFF"date","symbol","close"\r\n"2024-01-02","BRK.B",1\r\n'
    const { outcomes } = await fetch(write('bars.csv.gz', gzipSync(text)), ['BRK.B'])
    expect(barsOf(outcomes, 'BRK.B')).toMatchObject([{ date: '2024-01-02', close: 1 }])
  })

  test('a symbol that no file has is unknown, one without bars in the range has none', async () => {
    const path = write('bars.csv', 'date,symbol,close\n1999-01-04,OLD,1\n')
    const { outcomes } = await fetch(path, ['OLD', 'NEW'])
    expect(outcomes).toMatchObject([
      { symbol: 'OLD', ok: false, reason: 'no_bars', retryable: false },
      { symbol: 'NEW', ok: false, reason: 'unknown_symbol', retryable: false },
    ])
  })

  test('of several files with the same day, the last one by name wins, and that is said', async () => {
    write('b.csv', 'date,symbol,close\n2024-01-03,A,4\n')
    write('a.csv', 'date,symbol,close\n2024-01-02,A,1\n2024-01-03,A,2\n')
    write('.hidden.csv', 'date,symbol,close\n2024-01-02,A,9\n')
    write('notes.txt', 'nothing')
    const { outcomes, events } = await fetch(folder, ['A'])
    expect(barsOf(outcomes, 'A')?.map(({ close }) => close)).toEqual([1, 4])
    expect(events).toEqual(['price_file_rows_replaced'])
  })

  test('columns that mean nothing to us are ignored with a warning', async () => {
    const path = write('bars.csv', 'date,symbol,close,vwap\n2024-01-02,A,1,x\n')
    const { outcomes, events } = await fetch(path, ['A'])
    expect(barsOf(outcomes, 'A')).toHaveLength(1)
    expect(events).toEqual(['price_file_columns_ignored'])
  })

  test('a path that is not there or a folder without CSV files is a config error', () => {
    const create = (path: string) => () => createFileProvider({ path, skipBadRows: false })
    expect(create(join(folder, 'none'))).toThrow(ConfigError)
    expect(create(join(folder, 'none'))).toThrow(/PRICE_FILE_PATH: .*none/)
    expect(create(folder)).toThrow(/PRICE_FILE_PATH: .* has no \.csv or \.csv\.gz file/)
  })

  test('a folder that vanishes later fails its symbols, not the run', async () => {
    const path = write('bars.csv', 'date,symbol,close\n')
    const provider = createFileProvider({ path, skipBadRows: false })
    rmSync(path)
    const outcomes = await collect(provider, [request('A')])
    expect(outcomes).toMatchObject([{ ok: false, reason: 'unavailable', retryable: true }])
  })

  test('an abort ends the reading with the reason given', async () => {
    const provider = createFileProvider({ path: write('bars.csv', HEADER), skipBadRows: false })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(collect(provider, [request('A')], signal)).rejects.toThrow('enough')
  })
})

describe('a bad row', () => {
  test.each([
    ['2024-01-02,A,1,1,1,1,1,0', null, 'has 8 fields where the header has 9'],
    ['2024-01-02,A,1,1,1,1,1,0,1,7', null, 'has 10 fields where the header has 9'],
    ['02.01.2024,A,1,1,1,1,1,0,1', 'date', 'is not a date'],
    ['2024-02-30,A,1,1,1,1,1,0,1', 'date', 'is not a date'],
    ['2024-01-02,A B,1,1,1,1,1,0,1', 'symbol', 'is not a symbol'],
    ['2024-01-02,,1,1,1,1,1,0,1', 'symbol', 'is not a symbol'],
    ['2024-01-02,A,1,1,1,12e3,1,0,1', 'close', 'is not a plain decimal number'],
    ['2024-01-02,A,1,1,1,0,1,0,1', 'close', 'is not a positive number'],
    ['2024-01-02,A,1,1,1,-5,1,0,1', 'close', 'is not a positive number'],
    ['2024-01-02,A,1,1,1,1000000000000,1,0,1', 'close', 'is too large'],
    ['2024-01-02,A,1,1,1,,1,0,1', 'close', 'is empty'],
    ['2024-01-02,A,1,1,2,1,1,0,1', 'high', 'is below the low 2'],
    ['2024-01-02,A,1,1,1,1,-1,0,1', 'volume', 'is negative'],
    ['2024-01-02,A,1,1,1,1,1,-0.1,1', 'dividend', 'is negative'],
    ['2024-01-02,A,1,1,1,1,1,0,0', 'split_ratio', 'is not a positive number'],
    ['2024-01-01,A,1,1,1,1,1,0,1', 'date', 'is there already for A in this file'],
    ['2024-01-02,A,"1,1,1,1,1,0,1', null, 'has broken quotes'],
  ])('%s is named by line and column', async (row, column, message) => {
    const text = `${HEADER}\n2024-01-01,A,1,1,1,1,1,0,1\n\n${row}\n2024-01-04,A,1,1,1,1,1,0,1\n`
    const { reports, outcomes } = await fetch(write('bars.csv', text), ['A'])
    expect(reports).toMatchObject([{ status: 'refused', problemCount: 1, rows: 2 }])
    expect(reports[0]?.problems).toMatchObject([{ line: 4, column }])
    expect(reports[0]?.problems[0]?.message).toContain(message)
    expect(outcomes).toMatchObject([{ ok: false, reason: 'malformed', retryable: false }])
  })

  test('spoils its file, even for symbols without bad rows, but not the other files', async () => {
    write('a.csv', 'date,symbol,close\n2024-01-02,A,1\n2024-01-02,B,x\n')
    write('b.csv', 'date,symbol,close\n2024-01-02,C,3\n')
    const { outcomes, events } = await fetch(folder, ['A', 'C'])
    expect(outcomes).toMatchObject([
      { symbol: 'A', ok: false, reason: 'malformed' },
      { symbol: 'C', ok: true },
    ])
    expect(JSON.stringify(outcomes)).toContain(
      'a.csv line 3, column close: \\"x\\" is not a plain decimal number; nothing of this file is used; fix it, or pass --skip-bad-rows',
    )
    expect(events).toEqual(['price_file_refused'])
  })

  test('may be skipped, is counted, and the first few are told', async () => {
    const bad = Array.from({ length: 9 }, () => '2024-01-03,A,x\n').join('')
    const path = write('bars.csv', `date,symbol,close\n2024-01-02,A,1\n${bad}2024-01-04,A,2\n`)
    const { outcomes, reports, events } = await fetch(path, ['A'], true)
    expect(barsOf(outcomes, 'A')?.map(({ close }) => close)).toEqual([1, 2])
    expect(reports).toMatchObject([{ status: 'served', rows: 2, problemCount: 9 }])
    expect(reports[0]?.problems.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7])
    expect(events).toEqual(['price_file_rows_skipped'])
  })

  test('is reported though nobody asked for its symbol', async () => {
    const path = write('bars.csv', 'date,symbol,close\n2024-01-02,A,1\n2024-01-02,B,x\n')
    const { reports } = await fetch(path, ['A'], true)
    expect(reports.map(describeFileReport)).toEqual([
      'bars.csv line 3, column close: "x" is not a plain decimal number; skipped, the other rows of the file are used',
    ])
  })
})

describe('a file that is no table of bars', () => {
  const gz = gzipSync(`${HEADER}\n2024-01-02,A,1,1,1,1,1,0,1\n`)
  const damaged = Buffer.from(gz)
  damaged.writeUInt8(damaged.readUInt8(20) ^ 0xff, 20)
  test.each([
    ['empty.csv', '', 'is missing: the file is empty'],
    ['header.csv', '2024-01-02,A,1\n', 'no date, symbol, close'],
    ['close.csv', 'date,symbol,open\n2024-01-02,A,1\n', 'no close'],
    ['twice.csv', 'date,symbol,close,Close\n2024-01-02,A,1,1\n', 'names the column close twice'],
    ['quotes.csv', 'date,symbol,"close\n2024-01-02,A,1\n', 'has broken quotes'],
    ['cut.csv.gz', gz.subarray(0, gz.length - 12), 'unexpected end of file'],
    ['damaged.csv.gz', damaged, 'stops the reading: '],
    ['plain.csv.gz', HEADER, 'incorrect header check'],
  ])('%s is refused whole, also when bad rows may be skipped', async (name, content, message) => {
    const { outcomes, reports } = await fetch(write(name, content), ['A'], true)
    expect(reports).toMatchObject([{ file: name, status: 'unreadable', problemCount: 1 }])
    expect(reports[0]?.problems[0]?.message).toContain(message)
    expect(outcomes).toMatchObject([{ ok: false, reason: 'malformed' }])
    expect(JSON.stringify(outcomes)).not.toContain('--skip-bad-rows')
  })

  test('mutated files never throw: what is wrong is named, and nothing of them is served', async () => {
    const days = Array.from({ length: 20 }, (_, i) => `2024-01-${String(i + 1).padStart(2, '0')}`)
    const rows = days.map((day, i) => `${day},A,${i + 1}.5,${i + 2},${i + 1},${i + 1.25},100,0,1`)
    const text = [HEADER, ...rows].join('\n')
    const mutation = fc.record({
      at: fc.nat({ max: text.length - 1 }),
      cut: fc.nat({ max: 30 }),
      insert: fc.string({
        unit: fc.constantFrom(...Array.from('0129.,-"\n\r xé\0')),
        maxLength: 6,
      }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        let mutated = text
        for (const { at, cut, insert } of mutations) {
          mutated = mutated.slice(0, at) + insert + mutated.slice(at + cut)
        }
        const { outcomes, reports } = await fetch(write('bars.csv', mutated), ['A'])
        const [report] = reports
        const lines = mutated.split('\n').length
        expect(report?.problems.every(({ line }) => line >= 1 && line <= lines)).toBe(true)
        expect(report?.status === 'served').toBe(report?.problemCount === 0)
        if (report?.status !== 'served') expect(barsOf(outcomes, 'A')).toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})

describeWithShared('the real files', () => {
  test('us-actions is served wholly, with the splits of AAPL and USO on their days', async () => {
    const symbols = ['AAPL', 'BAC', 'EEM', 'IBM', 'IWM', 'QQQ', 'SPY', 'USO']
    const path = sharedFile('data/us-actions/bars.csv.gz')
    const { outcomes, reports } = await fetch(path, symbols)
    expect(reports).toMatchObject([{ rows: 18_608, problemCount: 0, status: 'served' }])
    expect(outcomes.flatMap((outcome) => (outcome.ok ? outcome.bars : []))).toHaveLength(18_608)
    const on = (symbol: string, date: string) =>
      barsOf(outcomes, symbol)?.find((bar) => bar.date === date)
    expect(on('AAPL', '2014-06-09')).toMatchObject({ close: 93.7, splitRatio: 7 })
    expect(on('AAPL', '2020-08-31')).toMatchObject({ close: 129.04, splitRatio: 4 })
    expect(on('USO', '2020-04-29')).toMatchObject({ splitRatio: 0.125 })
  })

  test('us-adjusted is served wholly', async () => {
    const { reports } = await fetch(sharedFile('data/us-adjusted/bars.csv.gz'), ['SPY', '^GSPC'])
    expect(reports).toMatchObject([{ rows: 69_816, problemCount: 0, status: 'served' }])
  })
})
