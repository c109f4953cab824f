import { z } from 'zod'
import { ConfigError } from '../errors/index.ts'
import type { Config, Settings } from './config.ts'
import { VARIABLES, type GivenText, type Variable } from './variables.ts'

const KEYS = Object.keys(VARIABLES) as (keyof Settings)[]

/**
 * Reads the configuration out of an environment. Blank around a value is dropped, and a variable
 * that is set to nothing counts as unset.
 *
 * @returns a frozen object
 * @throws ConfigError in one line that names every variable with a bad value and what it must be
 * @example loadConfig({ DB_POOL_MAX: '5' }).dbPoolMax === 5
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given: GivenText = (name) => env[name]?.trim() || null
  const texts = Object.fromEntries(
    KEYS.map((key) => [key, given(VARIABLES[key].name) ?? VARIABLES[key].default]),
  )
  const parsed = schemaFor(given).safeParse(texts)
  if (!parsed.success) throw new ConfigError(describeIssues(parsed.error.issues, given))
  const setVariables = KEYS.map((key) => VARIABLES[key].name).filter((name) => given(name) !== null)
  return Object.freeze({ ...parsed.data, setVariables: Object.freeze(setVariables) })
}

type SettingsShape = { readonly [Key in keyof Settings]: z.ZodType<Settings[Key], string | null> }

function schemaFor(given: GivenText) {
  const entries = KEYS.map((key) => {
    const { rule, required }: Variable = VARIABLES[key]
    return [key, required?.test(given) === true ? rule.schema : rule.schema.nullable()] as const
  })
  // The table's type ties each rule to the setting of its key; only the loop loses that.
  return z.object(Object.fromEntries(entries) as unknown as SettingsShape)
}

function describeIssues(issues: readonly z.core.$ZodIssue[], given: GivenText): string {
  const byVariable = new Map(issues.map((issue) => [issue.path[0], issue]))
  const problems = KEYS.flatMap((key) => {
    const issue = byVariable.get(key)
    return issue === undefined ? [] : [describeIssue(VARIABLES[key], issue, given)]
  })
  return problems.join('; ')
}

function describeIssue(variable: Variable, issue: z.core.$ZodIssue, given: GivenText): string {
  const { name, rule, required, mask } = variable
  const text = given(name)
  if (text === null) return `${name}: required when ${required?.when ?? ''}, but it is not set`
  if (issue.code === 'custom') return `${name}: ${issue.message}`
  const shown =
    mask === undefined ? JSON.stringify(text.slice(0, 80)) : 'something else (not shown)'
  return `${name}: expected ${rule.text}, got ${shown}`
}
