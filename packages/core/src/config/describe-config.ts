import { DateTime } from 'luxon'
import type { Config, Settings } from './config.ts'
import { VARIABLES, type Variable } from './variables.ts'

/** One variable as `ops env` prints it. */
export type ConfigRow = {
  readonly variable: string
  /** The effective value, secrets masked; `-` when there is none. */
  readonly value: string
  readonly source: 'env' | 'default'
}

/** Every variable with its effective value and where that comes from. */
export function describeConfig(config: Config): readonly ConfigRow[] {
  return (Object.keys(VARIABLES) as (keyof Settings)[]).map((key) => {
    const variable: Variable = VARIABLES[key]
    const text = valueText(config[key])
    return {
      variable: variable.name,
      value: config[key] === null ? text : (variable.mask?.(text) ?? text),
      source: config.setVariables.includes(variable.name) ? 'env' : 'default',
    }
  })
}

function valueText(value: Settings[keyof Settings]): string {
  if (value === null) return '-'
  return DateTime.isDateTime(value) ? value.toISO() : String(value)
}
