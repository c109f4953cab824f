import type { CopyValue } from './copy-text.ts'

const PLAIN = /^[\w.:+-]+$/
const NULL = /^null$/i

/**
 * A one-dimensional array in PostgreSQL's text form.
 * Source of the format: PostgreSQL manual, Arrays, "Array Input and Output Syntax".
 */
export function arrayText(values: readonly CopyValue[]): string {
  return `{${values.map(element).join(',')}}`
}

function element(value: CopyValue): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  if (PLAIN.test(value) && !NULL.test(value)) return value
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}
