import { isIsoDate, type IsoDate } from '../calendar/index.ts'
import { UsageError } from '../errors/index.ts'

/**
 * A command-line value that cannot be used. The code is the one by which commander recognises its
 * own error for this, so that it puts the option's name before the message.
 */
class InvalidOption extends UsageError {
  readonly code = 'commander.invalidArgument'
  readonly exitCode = 2
}

/** A date that exists, written `YYYY-MM-DD`. Throws UsageError. */
export function parseDateOption(text: string): IsoDate {
  if (isIsoDate(text)) return text
  throw new InvalidOption(`Expected a date that exists, as YYYY-MM-DD, got "${text}".`)
}

/** A whole number from 1. Throws UsageError. */
export function parsePositiveInteger(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && Number.isSafeInteger(value)) return value
  throw new InvalidOption(`Expected a whole number from 1, got "${text}".`)
}

/** The items of a comma-separated list, each once, in order; blank ones are left out. Throws UsageError when none is left. */
export function parseListOption(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim())
  const list = [...new Set(items.filter((item) => item !== ''))]
  if (list.length > 0) return list
  throw new InvalidOption(`Expected a comma-separated list, got "${text}".`)
}
