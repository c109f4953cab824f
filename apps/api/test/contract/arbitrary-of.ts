import fc from 'fast-check'

/** A JSON Schema as the OpenAPI document has it. */
export type Schema = Readonly<Record<string, unknown>>

/** What no schema asks for, and people and machines send all the same. */
const JUNK = [
  null,
  '',
  ' ',
  '\u0000',
  '\ud800',
  "'; drop table users; --",
  '=1+1',
  '../../etc/passwd',
  'é'.repeat(300),
  'NaN',
  '1e400',
  '2025-02-30',
  '0000-00-00',
  '9999-12-31',
  -1,
  0,
  1e308,
  Number.MAX_SAFE_INTEGER,
  0.1 + 0.2,
  true,
  [],
  {},
  [[[[]]]],
  { __proto__: null, constructor: 1 },
] as const

/** One value in so many is junk. */
const JUNK_SHARE = 12

/** Values that fit a schema, and now and then some that do not. */
export function arbitraryOf(schema: Schema, schemas: Schema): fc.Arbitrary<unknown> {
  const fitting = fittingOf(schema, schemas)
  const junk = fc.constantFrom<unknown>(...JUNK)
  return fc.oneof({ weight: JUNK_SHARE - 1, arbitrary: fitting }, { weight: 1, arbitrary: junk })
}

function fittingOf(schema: Schema, schemas: Schema): fc.Arbitrary<unknown> {
  const { $ref, enum: words, const: only, anyOf, oneOf } = schema
  if (typeof $ref === 'string') {
    return arbitraryOf(schemas[$ref.split('/').at(-1) ?? ''] as Schema, schemas)
  }
  if (Array.isArray(words)) return fc.constantFrom<unknown>(...(words as unknown[]))
  if (only !== undefined) return fc.constant(only)
  const choices = (anyOf ?? oneOf) as readonly Schema[] | undefined
  if (choices !== undefined) {
    return fc.oneof(...choices.map((choice) => arbitraryOf(choice, schemas)))
  }
  switch (schema['type']) {
    case 'string':
      return textOf(schema)
    case 'integer':
      return fc.integer(boundsOf(schema))
    case 'number':
      return fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ noNaN: true }))
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(arbitraryOf((schema['items'] ?? {}) as Schema, schemas), { maxLength: 4 })
    case 'object':
      return objectOf(schema, schemas)
    default:
      return fc.jsonValue()
  }
}

function objectOf(schema: Schema, schemas: Schema): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
  const model = properties.map(([name, each]) => [name, arbitraryOf(each, schemas)] as const)
  return fc.record(Object.fromEntries(model), {
    requiredKeys: (schema['required'] ?? []) as string[],
  })
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  switch (schema['format']) {
    case 'uuid':
      return fc.uuid({ version: 4 })
    case 'email':
      return fc.emailAddress()
    case 'date':
      return fc
        .date({ min: new Date('1970-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10))
  }
  const maxLength = Math.min(Number(schema['maxLength'] ?? 40), 400)
  const minLength = Number(schema['minLength'] ?? 0)
  return fc.oneof(
    fc.string({ unit: 'binary', minLength, maxLength }),
    fc.constantFrom('AAPL', 'DYNA', 'ALTO', '12.5', '-3', 'taxable', 'DYNA250711C00090000'),
  )
}

function boundsOf(schema: Schema): { readonly min: number; readonly max: number } {
  const min = Number(schema['minimum'] ?? -1000)
  const max = Number(schema['maximum'] ?? 1_000_000)
  return { min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) }
}
