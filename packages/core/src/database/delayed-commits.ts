import type { Database } from './open-database.ts'

/**
 * The same database, whose transactions do not wait until they are on disk. For rows that can be computed
 * again: the next commit that waits has all before it on disk too, and a server that goes down before that
 * forgets the last ones, in order, as if the program had been killed then.
 */
export function withDelayedCommits(database: Database): Database {
  return { ...database, delaysCommits: true }
}
