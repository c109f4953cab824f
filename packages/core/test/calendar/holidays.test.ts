import { describe, expect, test } from '@jest/globals'
import { easterSunday, isoDateOf } from '../../src/calendar/day-number.ts'
import { isEarlyClose, isSession, parseIsoDate } from '../../src/calendar/index.ts'

const isOpen = (date: string) => isSession(parseIsoDate(date))

function isEarly(date: string): boolean {
  const day = parseIsoDate(date)
  if (!isSession(day)) throw new Error(`${date} is not a session`)
  return isEarlyClose(day)
}

describe('holidays', () => {
  test('a holiday on a Saturday closes Friday, on a Sunday Monday', () => {
    expect(isOpen('2026-07-03')).toBe(false)
    expect(isOpen('2021-07-05')).toBe(false)
    expect(isOpen('2027-12-24')).toBe(false)
  })

  test("New Year's Day on a Saturday closes nothing, on a Sunday Monday", () => {
    expect(isOpen('2021-12-31')).toBe(true)
    expect(isOpen('2027-12-31')).toBe(true)
    expect(isOpen('2023-01-02')).toBe(false)
  })

  test('Martin Luther King Jr. Day is kept from 1998, Juneteenth from 2022', () => {
    expect(isOpen('1997-01-20')).toBe(true)
    expect(isOpen('1998-01-19')).toBe(false)
    expect(isOpen('2021-06-18')).toBe(true)
    expect(isOpen('2022-06-20')).toBe(false)
  })

  test.each([
    [1990, '1990-04-15'],
    [2008, '2008-03-23'],
    [2025, '2025-04-20'],
    [2038, '2038-04-25'],
    [2049, '2049-04-18'],
  ])('Easter of %i is on %s', (year, expected) => {
    expect(isoDateOf(easterSunday(year))).toBe(expected)
  })

  test('the rules go on to 2050', () => {
    expect(isOpen('2033-12-26')).toBe(false)
    expect(isOpen('2032-12-24')).toBe(false)
    expect(isOpen('2049-04-16')).toBe(false)
    expect(isOpen('2050-06-20')).toBe(false)
    expect(isOpen('2050-11-24')).toBe(false)
    expect(isOpen('2050-12-30')).toBe(true)
  })
})

describe('early closes', () => {
  test('go on after 2027 by the rules in force', () => {
    expect(isEarly('2030-07-03')).toBe(true)
    expect(isEarly('2030-07-05')).toBe(false)
    expect(isEarly('2030-12-24')).toBe(true)
    expect(isEarly('2050-11-25')).toBe(true)
  })

  test('an Independence Day on a Sunday or Monday has none', () => {
    expect(isEarly('2027-07-02')).toBe(false)
    expect(isEarly('2033-07-01')).toBe(false)
  })

  test('a Christmas on a Sunday or Monday has none', () => {
    expect(isEarly('2033-12-23')).toBe(false)
    expect(isEarly('2028-12-22')).toBe(false)
  })
})
