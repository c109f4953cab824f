import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { SessionDate } from '../../src/calendar/iso-date.ts'
import type { PanelEvent, PricePanel } from '../../src/returns/panel.ts'
import type { Ticker } from '../../src/symbols/ticker.ts'

/** The rows of a gzipped CSV file as objects. */
export function readGzippedRows(path: string): Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(path))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}

/** A file of bars as a panel, closes with the six decimals that the database keeps. */
export function readBars(path: string): PricePanel {
  const rows = readGzippedRows(path)
  const sessions = distinct(rows, 'date') as SessionDate[]
  const symbols = distinct(rows, 'symbol') as Ticker[]
  const columnOf = new Map<string, number>(sessions.map((session, i) => [session, i]))
  const rowOf = new Map<string, number>(symbols.map((symbol, i) => [symbol, i]))
  const close = new Float64Array(sessions.length * symbols.length).fill(NaN)
  const events: PanelEvent[] = []
  for (const { date = '', symbol = '', close: price, dividend = '0', split_ratio = '1' } of rows) {
    const symbolIndex = rowOf.get(symbol) ?? NaN
    const sessionIndex = columnOf.get(date) ?? NaN
    close[symbolIndex * sessions.length + sessionIndex] = Number(Number(price).toFixed(6))
    if (Number(dividend) !== 0 || Number(split_ratio) !== 1) {
      events.push({
        symbolIndex,
        sessionIndex,
        dividend: Number(dividend),
        splitRatio: Number(split_ratio),
      })
    }
  }
  events.sort((a, b) => a.symbolIndex - b.symbolIndex || a.sessionIndex - b.sessionIndex)
  return { sessions, symbols, close, events }
}

function distinct(rows: readonly Readonly<Record<string, string>>[], column: string): string[] {
  return [...new Set(rows.map((row) => row[column] ?? ''))].sort()
}
