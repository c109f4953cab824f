import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { runProgram } from '../harness/run-program.ts'

/** Prints its zone and, as one hash, all the calendar says over all years and around clock changes. */
const SCRIPT = fileURLToPath(new URL('./print-calendar-hash.ts', import.meta.url))
const ZONES = ['UTC', 'Asia/Tokyo', 'America/Los_Angeles', 'America/New_York', 'Pacific/Kiritimati']

describe("the machine's own time zone", () => {
  test('changes nothing', async () => {
    const runs = await Promise.all(ZONES.map((TZ) => runProgram(SCRIPT, [], { TZ })))
    expect(runs.map(({ stderr }) => stderr)).toEqual(ZONES.map(() => ''))
    const answers = runs.map(({ stdout }) => stdout.trim().split(' '))
    expect(answers.map(([zone]) => zone)).toEqual(ZONES)
    const hashes = answers.map(([, count, hash]) => `${count ?? ''} ${hash ?? ''}`)
    expect(hashes[0]).toMatch(/^\d+ [0-9a-f]{64}$/)
    expect(new Set(hashes).size).toBe(1)
  })
})
