/** Root of every error this project throws on purpose: a literal `kind`, structured fields, a cause. */
export abstract class SigmaSightError extends Error {
  abstract readonly kind: string
}

/** The command line asks for something impossible. Ends the program with exit code 2. */
export class UsageError extends SigmaSightError {
  readonly kind = 'usage'
}

/** An environment variable or file named by it cannot be used. Ends the program with exit code 2. */
export class ConfigError extends SigmaSightError {
  readonly kind = 'config'
}

/** The database cannot be reached at the start. Ends the program with exit code 2. */
export class DatabaseUnavailable extends SigmaSightError {
  readonly kind = 'database_unavailable'
}

/** The database's schema is older or newer than the program. Ends the program with exit code 2. */
export class SchemaMismatch extends SigmaSightError {
  readonly kind = 'schema_mismatch'
}

/** Whatever was thrown, as an Error. */
export function coerceError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown })
}
