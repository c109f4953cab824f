import pg from 'pg'
import { DatabaseUnavailable } from '../errors/index.ts'

/**
 * One readable line about a connection that failed: which database on which server as whom, and
 * why; never the password.
 */
export function connectionError(url: string, cause: unknown): DatabaseUnavailable {
  const target = describeTarget(url)
  if (target === null) {
    // Neither the URL nor the error about it, which quotes it, is passed on: it may hold a password.
    return new DatabaseUnavailable('cannot connect to the database: its URL is not a valid URL')
  }
  return new DatabaseUnavailable(`cannot connect to ${target}: ${reasonOf(cause)}`, { cause })
}

/** A connection URL without its password, e.g. `database "books" on db.example:5432 as "batch"`. */
function describeTarget(url: string): string | null {
  try {
    const { host, port, database, user } = new pg.Client({ connectionString: url })
    const server = host.startsWith('/') ? host : `${host}:${port}`
    return `database "${database ?? ''}" on ${server} as "${user ?? ''}"`
  } catch {
    return null
  }
}

function reasonOf(cause: unknown): string {
  // A host name with several addresses fails with one error for each, and no message of its own.
  if (hasErrors(cause)) return reasonOf(cause.errors[0])
  const text =
    typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : cause
  return String(text).split('\n')[0] ?? ''
}

function hasErrors(cause: unknown): cause is { readonly errors: readonly unknown[] } {
  return (
    typeof cause === 'object' &&
    cause !== null &&
    'errors' in cause &&
    Array.isArray(cause.errors) &&
    cause.errors.length > 0
  )
}
