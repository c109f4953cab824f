import { expect, test } from '@jest/globals'
import { parseIsoDate } from '../../src/calendar/index.ts'
import { HeldCloses } from '../../src/portfolios/index.ts'
import type { Ticker } from '../../src/symbols/index.ts'
import { session } from '../batch/batch-world.ts'

const SESSIONS = ['2025-07-07', '2025-07-08', '2025-07-09', '2025-07-10'].map(session)
const [FIRST, SECOND, , LAST] = SESSIONS as [SessionOf, SessionOf, SessionOf, SessionOf]
type SessionOf = (typeof SESSIONS)[number]
const symbols = ['AAA', 'GAP', 'NEW'] as Ticker[]
const [AAA, GAP, NEW] = symbols as [Ticker, Ticker, Ticker]
const held = new HeldCloses({
  sessions: SESSIONS,
  symbols,
  close: Float64Array.of(...[1, 2, 3, 4], ...[5, NaN, NaN, 8], ...[NaN, NaN, NaN, 9]),
  events: [],
})
const day = (text: string) => parseIsoDate(text)

test('a range has the closes of what is asked for, in its order', () => {
  const found = held.between([GAP, AAA], { from: SECOND, to: LAST })
  expect(found).toEqual({
    sessions: SESSIONS.slice(1),
    symbols: [GAP, AAA],
    close: Float64Array.of(NaN, NaN, 8, 2, 3, 4),
  })
})

test('a range of an unknown symbol, or beyond the sessions, is not there', () => {
  const range = { from: FIRST, to: LAST }
  expect(held.between(['ZZZ' as Ticker], range)).toBeNull()
  expect(held.between([AAA], { from: FIRST, to: session('2025-07-11') })).toBeNull()
  expect(held.between([AAA], { from: session('2025-07-03'), to: LAST })).toBeNull()
})

test('the last close before a date skips sessions without one', () => {
  expect(held.lastBefore(GAP, LAST)).toEqual({ symbol: GAP, date: FIRST, close: 5 })
  expect(held.lastBefore(AAA, LAST)).toEqual({ symbol: AAA, date: SESSIONS[2], close: 3 })
})

test('where none is held, or a newer one may be stored, the answer is unknown', () => {
  expect(held.lastBefore(NEW, LAST)).toBeNull()
  expect(held.lastBefore(AAA, FIRST)).toBeNull()
  expect(held.lastBefore(AAA, day('2025-07-20'))).toBeNull()
})
