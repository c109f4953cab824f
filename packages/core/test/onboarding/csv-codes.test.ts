import { describe, expect, test } from '@jest/globals'
import type { IsoDate } from '../../src/calendar/iso-date.ts'
import { parsePositions } from '../../src/onboarding/csv/parse-positions.ts'

const TODAY = '2025-07-10' as IsoDate
const SHORT = 'Symbol,Quantity,Entry Price Per Share,Entry Date'
const LONG = `${SHORT},Investment Class,Investment Subtype,Underlying Symbol,Strike Price,Expiration Date,Option Type,Exit Date,Exit Price Per Share,Market Value`

async function problemsOf(file: string | Uint8Array) {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  const parsed = await parsePositions(bytes, TODAY)
  return parsed.ok ? [] : parsed.problems.map(({ code, line, field }) => ({ code, line, field }))
}

async function lotsOf(file: string) {
  const parsed = await parsePositions(new TextEncoder().encode(file), TODAY)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.lots
}

describe('a file', () => {
  test('above 10 MB is CSV_001', async () => {
    const problems = await problemsOf(new Uint8Array(10 * 1024 * 1024 + 1).fill(97))
    expect(problems).toEqual([{ code: 'CSV_001', line: 1, field: null }])
  })

  test('of more than 10,000 rows is CSV_001, and of exactly so many is taken', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => `A${i},1,1,2025-01-02`)
    expect(await lotsOf([SHORT, ...rows].join('\n'))).toHaveLength(10_000)
    expect(await problemsOf([SHORT, ...rows, 'B,1,1,2025-01-02'].join('\n'))).toEqual([
      { code: 'CSV_001', line: 10_002, field: null },
    ])
  })

  test.each([
    ['separated by semicolons', SHORT.replaceAll(',', ';'), 1],
    ['with an open quotation mark', `${SHORT}\nA,1,1,2025-01-02\n\n"B,1,1,2025-01-02\n`, 4],
    ['with text after a closing quotation mark', `${SHORT}\n"A"x,1,1,2025-01-02`, 2],
    ['with a quotation mark inside of a value', `${SHORT}\nA"x",1,1,2025-01-02`, 2],
    ['with a row of too many values', `${SHORT}\nA,1,5,100,2025-01-02`, 2],
    ['with a row of too few values', `${SHORT}\nA,1,5`, 2],
  ])('%s is CSV_002', async (_what, file, line) => {
    expect(await problemsOf(file)).toEqual([{ code: 'CSV_002', line, field: null }])
  })

  test.each([
    ['', 1],
    [`${SHORT}\n`, 1],
    [`# note\n${SHORT}\n,,,\n# end`, 3],
  ])('without a row (%j) is CSV_003', async (file, line) => {
    expect(await problemsOf(file)).toEqual([{ code: 'CSV_003', line, field: null }])
  })

  test.each(SHORT.split(','))(
    'without the column %s is CSV_004, which names it',
    async (column) => {
      const others = SHORT.split(',').filter((name) => name !== column)
      expect(await problemsOf(`${others.join(',')}\n1,1,1`)).toEqual([
        { code: 'CSV_004', line: 1, field: column },
      ])
    },
  )

  test.each([
    ['Notes', `${SHORT},Notes\nA,1,1,2025-01-02,x`],
    ['symbol', `${SHORT},symbol\nA,1,1,2025-01-02,A`],
    [null, `${SHORT},,Exit Date\nA,1,1,2025-01-02,,`],
  ])('with the column %j too much is CSV_005', async (field, file) => {
    expect(await problemsOf(file)).toEqual([{ code: 'CSV_005', line: 1, field }])
  })

  test('that is UTF-16, or not UTF-8 on some line, is CSV_006', async () => {
    const text = `${SHORT}\nA,1,1,2025-01-02\n`
    expect(await problemsOf(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual([
      { code: 'CSV_006', line: 1, field: null },
    ])
    expect(await problemsOf(Buffer.from(`${text}\u00e4,1,1,2025-01-02`, 'latin1'))).toEqual([
      { code: 'CSV_006', line: 3, field: null },
    ])
    expect(await problemsOf(`${text}A\u0000,1,1,2025-01-02`)).toEqual([
      { code: 'CSV_006', line: 3, field: null },
    ])
  })
})

const CALL = 'AAPL260116C00150000'

test.each([
  ['POS_001', 'Symbol', ',1,1,2025-01-02,,,,,,,,,'],
  ['POS_002', 'Symbol', `${'A'.repeat(33)},1,1,2025-01-02,,,,,,,,,`],
  ['POS_003', 'Symbol', '=A1,1,1,2025-01-02,,,,,,,,,'],
  ['POS_003', 'Symbol', '@A,1,1,2025-01-02,,,,,,,,,'],
  ['POS_003', 'Symbol', '\u00df,1,1,2025-01-02,,,,,,,,,'],
  ['POS_004', 'Quantity', 'A,,1,2025-01-02,,,,,,,,,'],
  ['POS_005', 'Quantity', 'A,1e5,1,2025-01-02,,,,,,,,,'],
  ['POS_005', 'Quantity', 'A,"1,000",1,2025-01-02,,,,,,,,,'],
  ['POS_005', 'Quantity', 'A,1000000000000,1.01,2025-01-02,,,,,,,,,'],
  ['POS_006', 'Quantity', 'A,-0.0,1,2025-01-02,,,,,,,,,'],
  ['POS_007', 'Quantity', 'A,1.0000001,1,2025-01-02,,,,,,,,,'],
  ['POS_008', 'Entry Price Per Share', 'A,1,,2025-01-02,,,,,,,,,'],
  ['POS_009', 'Entry Price Per Share', 'A,1,$5,2025-01-02,,,,,,,,,'],
  ['POS_010', 'Entry Price Per Share', 'A,1,0,2025-01-02,,,,,,,,,'],
  ['POS_010', 'Entry Price Per Share', 'A,1,-5,2025-01-02,,,,,,,,,'],
  ['POS_011', 'Entry Price Per Share', 'A,1,5.1234567,2025-01-02,,,,,,,,,'],
  ['POS_012', 'Entry Date', 'A,1,1,,,,,,,,,,'],
  ['POS_013', 'Entry Date', 'A,1,1,2025-02-29,,,,,,,,,'],
  ['POS_014', 'Entry Date', 'A,1,1,2025-07-11,,,,,,,,,'],
  ['POS_015', 'Entry Date', 'A,1,1,1925-07-09,,,,,,,,,'],
  ['POS_016', 'Investment Class', 'A,1,1,2025-01-02,STOCKS,,,,,,,,'],
  ['POS_016', 'Investment Class', `${CALL},1,1,2025-01-02,PUBLIC,,,,,,,,`],
  ['POS_016', 'Investment Class', 'A,1,1,2025-01-02,PUBLIC,,A,,,,,,'],
  ['POS_017', 'Investment Subtype', 'A,1,1,2025-01-02,PUBLIC,CALL,,,,,,,'],
  ['POS_017', 'Investment Subtype', `${CALL},1,1,2025-01-02,OPTIONS,PUT,,,,,,,`],
  ['POS_018', 'Exit Date', 'A,1,1,2025-01-02,,,,,,,2025-01-01,5,'],
  ['POS_008', 'Exit Price Per Share', 'A,1,1,2025-01-02,,,,,,,2025-01-03,,'],
  ['POS_012', 'Exit Date', 'A,1,1,2025-01-02,,,,,,,,5,'],
  ['POS_019', 'Underlying Symbol', 'X,1,1,2025-01-02,OPTIONS,,,150,2026-01-16,CALL,,,'],
  ['POS_019', 'Underlying Symbol', `${CALL},1,1,2025-01-02,,,MSFT,,,,,,`],
  ['POS_020', 'Strike Price', 'X,1,1,2025-01-02,OPTIONS,,AAPL,,2026-01-16,CALL,,,'],
  ['POS_020', 'Strike Price', `${CALL},1,1,2025-01-02,,,,151,,,,,`],
  ['POS_020', 'Strike Price', 'X,1,1,2025-01-02,,,AAPL,1.0001,2026-01-16,CALL,,,'],
  ['POS_021', 'Expiration Date', 'X,1,1,2025-01-02,OPTIONS,,AAPL,150,,CALL,,,'],
  ['POS_021', 'Expiration Date', `${CALL},1,1,2025-01-02,,,,,2026-01-17,,,,`],
  ['POS_021', 'Expiration Date', 'AAPL250117C00150000,1,1,2025-01-21,,,,,,,,,'],
  ['POS_022', 'Option Type', 'X,1,1,2025-01-02,OPTIONS,,AAPL,150,2026-01-16,,,,'],
  ['POS_022', 'Option Type', 'X,1,1,2025-01-02,OPTIONS,,AAPL,150,2026-01-16,STRADDLE,,,'],
  ['POS_009', 'Market Value', 'HOUSE,1,1,2025-01-02,PRIVATE,,,,,,,,abc'],
  ['POS_011', 'Market Value', 'HOUSE,1,1,2025-01-02,PRIVATE,,,,,,,,1.005'],
])('%s of %s: %s', async (code, field, row) => {
  expect(await problemsOf(`${LONG}\n# note\n\n${row}`)).toEqual([{ code, line: 4, field }])
})

test('the same symbol, entry date and entry price twice is POS_023, however they are written', async () => {
  const file = `${SHORT}\nA,1,1.50,2025-01-02\nA,1,1.51,2025-01-02\n a ,7,1.5,2025-01-02`
  expect(await problemsOf(file)).toEqual([{ code: 'POS_023', line: 4, field: 'Symbol' }])
})

test('all rows are reported at once, in their order', async () => {
  const file = `${SHORT}\n,0,0,x\nA,1,1,2025-01-02\nB,,,`
  expect((await problemsOf(file)).map(({ line, code }) => `${line} ${code}`)).toEqual([
    '2 POS_001',
    '2 POS_006',
    '2 POS_010',
    '2 POS_013',
    '4 POS_004',
    '4 POS_008',
    '4 POS_012',
  ])
})

test('lines are those of the file, whatever ends them and whatever values they break inside of', async () => {
  const file = `\ufeff# one\r\n\r\n${SHORT}\r\nA,1,1,2025-01-02\r\r"B\r\nB",1,1,2025-01-02\nC,x,1,2025-01-02`
  expect(await problemsOf(file)).toEqual([
    { code: 'POS_003', line: 6, field: 'Symbol' },
    { code: 'POS_005', line: 8, field: 'Quantity' },
  ])
})

test('an option is told by its OCC symbol or by its columns, and stored as the former', async () => {
  const lots = await lotsOf(
    [
      LONG,
      `${CALL},-2,3.5,2025-01-02,,,,,,,,,`,
      'BRK calls,1,3.5,2025-01-02,,,BRK.B,452.5,2026-01-16,put,,,'.replace(' ', '-'),
    ].join('\n'),
  )
  expect(lots).toMatchObject([
    {
      symbol: CALL,
      positionType: 'SC',
      investmentClass: 'OPTIONS',
      investmentSubtype: 'CALL',
      option: { underlying: 'AAPL', strike: 150_000_000n, expiration: '2026-01-16', right: 'C' },
    },
    {
      symbol: 'BRKB260116P00452500',
      positionType: 'LP',
      option: { underlying: 'BRK.B', strike: 452_500_000n, right: 'P' },
    },
  ])
})

test('a private holding keeps the name it has, also one that looks like an option', async () => {
  const lots = await lotsOf(
    `${LONG}\n${CALL},-1,10,2025-01-02,PRIVATE,Real Estate,,,,,,,12.50\nFund 2_b,1,10,2025-01-02,private,,,,,,,,`,
  )
  expect(lots).toMatchObject([
    {
      symbol: CALL,
      investmentClass: 'PRIVATE',
      positionType: 'SHORT',
      option: null,
      marketValue: -1250n,
    },
    { symbol: 'FUND 2_B', investmentClass: 'PRIVATE', positionType: 'LONG', marketValue: null },
  ])
})

test('a worthless end is a sale at 0', async () => {
  const [lot] = await lotsOf(`${LONG}\nA,5,1,2025-01-02,,,,,,,2025-01-02,0,`)
  expect(lot?.exit).toEqual({ date: '2025-01-02', price: 0n })
})
