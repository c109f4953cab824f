import { describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import { fixedClock, systemClock } from '../../src/clock/index.ts'

describe('the fixed clock', () => {
  const instant = DateTime.fromISO('2025-03-09T03:30:00', { zone: 'America/New_York' })
  if (!instant.isValid) throw new Error('the instant of this test does not exist')

  test('stands still at its instant, told in UTC', () => {
    const clock = fixedClock(instant)
    expect(clock.now().toISO()).toBe('2025-03-09T07:30:00.000Z')
    expect(clock.now()).toBe(clock.now())
  })
})

describe('the system clock', () => {
  test("tells the machine's time, in UTC", () => {
    const before = Date.now()
    const now = systemClock().now()
    const after = Date.now()
    expect(now.zoneName).toBe('UTC')
    expect(now.toMillis()).toBeGreaterThanOrEqual(before)
    expect(now.toMillis()).toBeLessThanOrEqual(after)
  })
})
