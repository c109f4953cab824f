import { describe, expect, test } from '@jest/globals'
import { runProgram } from '../harness/run-program.ts'

/** Everything the calendar says around both clock changes and over all years, as one hash. */
const SCRIPT = 'packages/core/test/calendar/print-calendar-hash.ts'

describe("the machine's own time zone", () => {
  test('changes nothing', async () => {
    const zones = ['UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'America/New_York', 'Pacific/Kiritimati']
    const runs = await Promise.all(zones.map((TZ) => runProgram(SCRIPT, [], { TZ })))
    expect(runs.map(({ stderr }) => stderr)).toEqual(zones.map(() => ''))
    const hashes = runs.map(({ stdout }) => stdout.trim())
    expect(hashes[0]).toMatch(/^\d+ [0-9a-f]{64}$/)
    expect(new Set(hashes).size).toBe(1)
  })
})
