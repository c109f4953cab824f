import pg from 'pg'

/** Type numbers from PostgreSQL's catalogue (`pg_type.dat`), fixed in all versions. */
const OID = { int8: 20, date: 1082, numeric: 1700, text_array: 1009 } as const
const ARRAY_OID = { int8: 1016, date: 1182, numeric: 1231 } as const

type Parser = (value: string) => unknown

const asText: Parser = (value) => value
// The library's types list only the scalar types; its parsers know `text[]` as well.
const builtIn = pg.types.getTypeParser as (oid: number, format?: string) => Parser
const parseTextArray = builtIn(OID.text_array) as (value: string) => string[]

function asNumber(value: string): number {
  const number = Number(value)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is beyond 2^53`)
  return number
}

const parsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [OID.date, asText],
  [OID.numeric, asText],
  [OID.int8, asNumber],
  [ARRAY_OID.date, parseTextArray],
  [ARRAY_OID.numeric, parseTextArray],
  [ARRAY_OID.int8, (value) => parseTextArray(value).map(asNumber)],
])

/**
 * How values arrive from the database: `date` as `YYYY-MM-DD`, `numeric` as its exact text, `int8`
 * as a number (beyond 2^53 the query fails), `timestamptz` as a Date, `float8` as a number. Given to
 * each pool rather than set for the whole process.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: string): Parser {
    const own = format === 'binary' ? undefined : parsers.get(oid)
    return own ?? builtIn(oid, format)
  },
}
