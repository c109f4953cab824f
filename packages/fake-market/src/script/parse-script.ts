import { z } from 'zod'
import { reaches } from './fault-reach.ts'
import { scriptSchema, type CheckedScript } from './script.ts'

/** A script that cannot be used: one line that says which file, where in it, and what is wrong. */
export class ScriptError extends Error {
  readonly kind = 'script'
}

/**
 * Reads a script file's text.
 *
 * @param file what the error calls it
 * @throws ScriptError when the text is no JSON or the JSON no script
 */
export function parseScript(text: string, file: string): CheckedScript {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    throw new ScriptError(`${file}: no JSON: ${detail.replace(/\s+/g, ' ')}`, { cause: thrown })
  }
  return checkScript(json, file)
}

/** Checks a script and fills its defaults. Throws ScriptError naming the first thing that is wrong. */
export function checkScript(script: unknown, file = 'script'): CheckedScript {
  const { data, error } = scriptSchema.safeParse(script)
  if (data === undefined) {
    const [issue] = error.issues
    const where = z.core.toDotPath(issue?.path ?? [])
    throw new ScriptError(`${file}: ${where === '' ? '' : `${where}: `}${issue?.message ?? ''}`)
  }
  for (const [i, { match, fault }] of data.rules.entries()) {
    if (match.endpoint !== undefined && !reaches(fault.kind, match.endpoint)) {
      const where = `rules[${i}].fault.kind`
      throw new ScriptError(`${file}: ${where}: ${fault.kind} cannot touch ${match.endpoint}`)
    }
  }
  return data
}
