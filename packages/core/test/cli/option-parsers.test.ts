import { describe, expect, test } from '@jest/globals'
import {
  parseDateOption,
  parseListOption,
  parsePositiveInteger,
} from '../../src/cli/option-parsers.ts'
import { UsageError } from '../../src/errors/index.ts'

describe('option values', () => {
  test('are dates, whole numbers and lists', () => {
    expect(parseDateOption('2024-02-29')).toBe('2024-02-29')
    expect(parsePositiveInteger('30')).toBe(30)
    expect(parseListOption('AAPL, MSFT,,AAPL ')).toEqual(['AAPL', 'MSFT'])
  })

  test.each([
    [
      parseDateOption,
      '2025-02-29',
      'Expected a date that exists, as YYYY-MM-DD, got "2025-02-29".',
    ],
    [parseDateOption, '2025-7-1', 'Expected a date that exists, as YYYY-MM-DD, got "2025-7-1".'],
    [parseDateOption, 'today', 'Expected a date that exists, as YYYY-MM-DD, got "today".'],
    [parsePositiveInteger, '0', 'Expected a whole number from 1, got "0".'],
    [parsePositiveInteger, '-3', 'Expected a whole number from 1, got "-3".'],
    [parsePositiveInteger, '1.5', 'Expected a whole number from 1, got "1.5".'],
    [parsePositiveInteger, '1e2', 'Expected a whole number from 1, got "1e2".'],
    [
      parsePositiveInteger,
      '9007199254740993',
      'Expected a whole number from 1, got "9007199254740993".',
    ],
    [parseListOption, ' , ', 'Expected a comma-separated list, got " , ".'],
  ])('%p refuses %p as bad usage', (parse, text, message) => {
    expect(() => parse(text)).toThrow(new UsageError(message))
  })

  test('carry the code by which commander puts the name of the option before the message', () => {
    expect(() => parsePositiveInteger('x')).toThrow(
      expect.objectContaining({ kind: 'usage', code: 'commander.invalidArgument', exitCode: 2 }),
    )
  })
})
