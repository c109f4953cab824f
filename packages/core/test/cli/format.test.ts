import { describe, expect, test } from '@jest/globals'
import { formatDuration } from '../../src/cli/format-duration.ts'
import { formatTable } from '../../src/cli/format-table.ts'

describe('formatTable', () => {
  test('aligns numbers to the right and words to the left', () => {
    const rows = [
      { phase: 'prices', processed: 512, took: '1.2 s' },
      { phase: 'symbol_metrics', processed: 7, took: '12 ms' },
    ]
    expect(formatTable(rows)).toBe(
      [
        'phase           processed  took',
        '--------------  ---------  -----',
        'prices                512  1.2 s',
        'symbol_metrics          7  12 ms',
        '',
      ].join('\n'),
    )
  })

  test('takes numeric text of a database and percentages for numbers', () => {
    const rows = [
      { beta: '1.0250', share: '9%' },
      { beta: '-12.5', share: '100%' },
    ]
    expect(formatTable(rows)).toBe('  beta  share\n------  -----\n1.0250     9%\n -12.5   100%\n')
  })

  test('shows the asked columns in the asked order, and missing values as a dash', () => {
    const rows = [{ a: 1, b: null, c: 'x' }, { a: 2 }]
    expect(formatTable(rows, ['c', 'b', 'a'])).toBe('c  b  a\n-  -  -\nx  -  1\n-  -  2\n')
  })

  test('keeps a row on its line whatever a value holds', () => {
    const rows = [{ name: 'two\nlines\u001B[2J', at: new Date(0), json: { a: [1] }, yes: true }]
    expect(formatTable(rows).split('\n')[2]).toBe(
      'two\\x0alines\\x1b[2J  1970-01-01T00:00:00.000Z  {"a":[1]}  true',
    )
  })

  test('of no rows is the heading alone', () => {
    expect(formatTable([], ['run', 'job'])).toBe('run  job\n---  ---\n')
  })
})

describe('formatDuration', () => {
  test.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.5, '1.0 s'],
    [12_340, '12.3 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [245_000, '4 min 05 s'],
    [3_599_499, '59 min 59 s'],
    [3_599_500, '1 h 00 min'],
    [7_380_000, '2 h 03 min'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
