import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { addToUniverse } from '../../../packages/core/test/batch/batch-world.ts'
import { ScriptedMarket } from '../../../packages/core/test/batch/scripted-market.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { BatchCommand, resultOf } from './batch-command.ts'

const STOCKS = ['ALTO', 'LOOM']
const HEADER = 'date,symbol,open,high,low,close,volume,dividend,split_ratio'
const DAY = '2025-07-22'

describe('a price file with a bad row', () => {
  let store: TestDatabase
  let folder: string
  let market: ScriptedMarket
  let command: BatchCommand

  beforeEach(async () => {
    store = await createTestDatabase()
    await addToUniverse(store, STOCKS)
    folder = mkdtempSync(join(tmpdir(), 'sigmasight-prices-'))
    market = await ScriptedMarket.create(STOCKS, { from: '2024-06-01', to: DAY })
    command = new BatchCommand({
      DATABASE_URL: store.url,
      PRICE_PROVIDERS: 'file',
      PRICE_FILE_PATH: folder,
      SIGMASIGHT_NOW: '2025-07-23T01:00:00Z',
    })
  })
  afterEach(async () => {
    market[Symbol.dispose]()
    rmSync(folder, { recursive: true, force: true })
    await store.drop()
  })

  /** Two files, so that it shows what becomes of the good one. */
  function writeFiles(spoil: (rows: string[]) => void): void {
    const rows = market.csvRows()
    const isAlto = (row: string) => row.includes(',ALTO,')
    const spoilt = rows.filter(isAlto)
    spoil(spoilt)
    const others = rows.filter((row) => !isAlto(row))
    writeFileSync(join(folder, 'alto.csv'), [HEADER, ...spoilt, ''].join('\n'))
    writeFileSync(join(folder, 'others.csv'), [HEADER, ...others, ''].join('\n'))
  }

  /** Replaces one cell of the row on line 11 of the file. */
  function cellOfLine11(column: string, text: string): (rows: string[]) => void {
    return (rows) => {
      const cells = (rows[9] ?? '').split(',')
      cells[HEADER.split(',').indexOf(column)] = text
      rows[9] = cells.join(',')
    }
  }

  async function storedBars(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await sql<{ symbol: string; bars: number }>`
      select symbol, count(close)::int as bars from market_data_cache group by symbol
    `.execute(store.database.db)
    return Object.fromEntries(rows.map(({ symbol, bars }) => [symbol, bars]))
  }

  const allBars = () => market.csvRows().filter((row) => row.includes(',ALTO,')).length

  test.each([
    ['close', 'twelve'],
    ['date', '2024-02-31'],
    ['symbol', 'AL TO'],
  ])(
    'in %s (%j) is named by line and column, and nothing of the file is stored',
    async (column, text) => {
      writeFiles(cellOfLine11(column, text))
      const end = await command.run(['--summary-json', '--log-json'])
      expect(end.code).toBe(0)
      const result = resultOf(end)
      expect(result.status).toBe('completed_with_warnings')
      expect(result.missing_symbols).toEqual(['ALTO'])
      const refused = end.stderr
        .split('\n')
        .filter((line) => line.includes('price_file_refused'))
        .map((line) => JSON.parse(line) as { detail: string })
      expect(refused).toHaveLength(1)
      expect(refused[0]?.detail).toContain(`alto.csv line 11, column ${column}`)
      const stored = await storedBars()
      expect(stored['ALTO']).toBeUndefined()
      expect(stored['LOOM']).toBe(allBars())
    },
  )

  test('has its good rows stored with --skip-bad-rows', async () => {
    writeFiles(cellOfLine11('close', 'twelve'))
    const result = await command.result(['--skip-bad-rows'])
    expect(result).toMatchObject({ status: 'completed_with_warnings', missing_symbols: [] })
    expect(result.alerts).toEqual([expect.stringContaining('alto.csv line 11, column close')])
    expect(await storedBars()).toMatchObject({ ALTO: allBars() - 1, LOOM: allBars() })
  })

  test('is a failed run when the market proxy is in it: exit 1, the date failed, nothing stored', async () => {
    const rows = [...market.csvRows()]
    rows[0] = `${rows[0] ?? ''},and more`
    writeFileSync(join(folder, 'all.csv'), [HEADER, ...rows, ''].join('\n'))
    const end = await command.run(['--summary-json', '--log-json'])
    expect(end.code).toBe(1)
    expect(resultOf(end)).toMatchObject({
      status: 'failed',
      dates: [{ date: DAY, status: 'failed' }],
    })
    expect(end.stderr).toContain('all.csv line 2:')
    expect(end.stderr).not.toMatch(/\n\s+at |node_modules/)
    expect(await storedBars()).toEqual({})
  })

  test('of which the header lacks the close is refused whole, also with --skip-bad-rows', async () => {
    writeFiles(() => undefined)
    writeFileSync(join(folder, 'alto.csv'), `date,symbol,price\n${DAY},ALTO,12\n`)
    const end = await command.run(['--summary-json', '--log-json', '--skip-bad-rows'])
    expect(end.code).toBe(0)
    expect(resultOf(end).missing_symbols).toEqual(['ALTO'])
    expect(end.stderr).toContain('alto.csv line 1')
    expect(await storedBars()).not.toHaveProperty('ALTO')
  })
})
