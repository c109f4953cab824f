import { expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import { cpuMsSince } from '../harness/cpu-time.ts'
import { parsePositions } from '../../src/onboarding/csv/parse-positions.ts'
import { chooseSeed, seeded } from '../batch/seeded.ts'
import { goodFile, LARGE, mutate, MUTATIONS } from './mutated-csv.ts'

const TODAY = '2025-07-10' as IsoDate
const FILES = Number(process.env['SOAK_CSV'] ?? 300)
const SYMBOLS = ['ALTO', 'BYTE', 'COVE', 'DYNA', 'ELMS', 'FERN']

test('a mutated file is read whole or refused with the line, column and code of every problem', async () => {
  const random = seeded(chooseSeed('SOAK_CSV_SEED'))
  const small = Object.keys(MUTATIONS).filter((name) => !LARGE.has(name))
  const text = goodFile(40, SYMBOLS)
  let refused = 0
  for (let i = 0; i < FILES; i++) {
    const { name, content } = mutate(text, random, small)
    const parsed = await parsePositions(content, TODAY)
    if (parsed.ok) {
      expect([name, parsed.lots.length]).toEqual([name, expect.any(Number)])
      continue
    }
    refused += 1
    expect(parsed.problems.length).toBeGreaterThan(0)
    for (const problem of parsed.problems) {
      expect(problem).toMatchObject({
        code: expect.stringMatching(/^(CSV|POS)_0\d\d$/),
        message: expect.stringMatching(/./),
      })
      expect(problem.line).toBeGreaterThanOrEqual(1)
      expect(problem.column).toBeGreaterThanOrEqual(1)
    }
  }
  expect(refused).toBeGreaterThan(FILES / 4)
})

test.each([...LARGE])('%s takes less than a second and no memory to speak of', async (name) => {
  const { content } = mutate(goodFile(10, SYMBOLS), seeded(1), [name])
  const before = process.memoryUsage().rss
  const costs: number[] = []
  // This process may collect the garbage of everything tested before at any time, though not every time.
  for (let i = 0; i < 3; i++) {
    const started = process.cpuUsage()
    const parsed = await parsePositions(content, TODAY)
    costs.push(cpuMsSince(started))
    expect(parsed.ok).toBe(false)
  }
  expect(Math.min(...costs)).toBeLessThan(1_000)
  expect(process.memoryUsage().rss - before).toBeLessThan(150e6)
})
