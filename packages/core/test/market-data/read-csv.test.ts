import { describe, expect, test } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import fc from '../harness/fast-check.ts'
import { readCsv } from '../../src/market-data/providers/file/read-csv.ts'

interface Read {
  readonly records: { line: number; fields: string[] }[]
  readonly broken: number[]
}

/** Reads a text whose bytes come in pieces of the given sizes. */
async function read(text: string, pieces: readonly number[] = []): Promise<Read> {
  const bytes = Buffer.from(text)
  async function* chunks(): AsyncGenerator<Buffer> {
    let start = 0
    for (const size of [...pieces, bytes.length]) {
      await Promise.resolve()
      if (start < bytes.length) yield bytes.subarray(start, start + size)
      start += size
    }
  }
  const result: Read = { records: [], broken: [] }
  await readCsv(chunks(), {
    onRow: (row) => {
      const fields = Array.from({ length: row.count }, (_, i) => row.field(i))
      result.records.push({ line: row.line, fields })
    },
    onBrokenLine: (line) => result.broken.push(line),
  })
  return result
}

describe('reading CSV', () => {
  test('fields are trimmed, lines are those of the file, blank lines are skipped', async () => {
    const { records } = await read('\uFEFFa, b ,c\r\n\r\n  \n1,,"x, ""y"""\n,\n2')
    expect(records).toEqual([
      { line: 1, fields: ['a', 'b', 'c'] },
      { line: 4, fields: ['1', '', 'x, "y"'] },
      { line: 5, fields: ['', ''] },
      { line: 6, fields: ['2'] },
    ])
  })

  test('a lost quote spoils its own line only', async () => {
    const { records, broken } = await read('a,b\n1,"2\n3,4\n5,6"\n"7",8\n')
    expect(broken).toEqual([2, 4])
    expect(records.map(({ line }) => line)).toEqual([1, 3, 5])
  })

  test('a line longer than 64 KiB is refused by its number', async () => {
    const pieces = Array.from({ length: 10 }, () => 16_384)
    await expect(read(`a,b\n${'x'.repeat(100_000)}\n`, pieces)).rejects.toThrow('line 2 is longer')
  })

  const plain = fc.string({ unit: fc.constantFrom(...Array.from("abcAB019.-^ \t\r\f;'")) })
  const quoted = fc
    .string({ unit: fc.constantFrom(...Array.from('ab01,"; .\t')) })
    .map((text) => `"${text.replaceAll('"', '""')}"`)
  const record = fc.array(fc.oneof(plain, quoted), { minLength: 1, maxLength: 6 })
  const newline = fc.constantFrom('\n', '\r\n')
  const pieces = fc.array(fc.integer({ min: 1, max: 40 }))

  test('gives the fields that csv-parse gives, in whatever pieces the bytes arrive', async () => {
    const file = fc.array(fc.tuple(record, newline))
    await fc.assert(
      fc.asyncProperty(file, pieces, async (lines, sizes) => {
        const text = lines.map(([fields, end]) => fields.join(',') + end).join('')
        const options = { record_delimiter: '\n', relax_column_count: true, trim: true } as const
        const expected = parse(text, options)
          .map((fields) => fields.map(trim))
          .filter((fields) => fields.length > 1 || fields[0] !== '')
        const { records, broken } = await read(text, sizes)
        expect(broken).toEqual([])
        expect(records.map(({ fields }) => fields)).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })

  test('whatever the bytes are, the pieces they arrive in make no difference', async () => {
    const anything = fc.string({ unit: fc.constantFrom(...Array.from('a1,"\n\r \té')) })
    await fc.assert(
      fc.asyncProperty(anything, pieces, async (text, sizes) => {
        const whole = await read(text)
        expect(await read(text, sizes)).toEqual(whole)
        const lines = [...whole.broken, ...whole.records.map(({ line }) => line)]
        expect(lines.every((line) => line >= 1 && line <= text.split('\n').length)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

/** We trim inside of quotes too. */
function trim(field: string): string {
  return field.replace(/^[ \t\r\f]+|[ \t\r\f]+$/g, '')
}
