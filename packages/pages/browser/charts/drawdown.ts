/** A session of a record. */
interface Session {
  /** A fraction; null where there is none, which changes nothing. */
  readonly daily_return: number | null
}

/**
 * How far below its best day so far a record is, session by session: linked daily returns, so that money
 * that came or left does not count.
 *
 * @returns fractions from −1 to 0, one a session
 * @example returns 0.2, −0.25, 0.1 give 0, −0.25, −0.175
 */
export function drawdowns(sessions: readonly Session[]): readonly number[] {
  let [level, best] = [1, 1]
  return sessions.map(({ daily_return: change }) => {
    level *= 1 + (change ?? 0)
    best = Math.max(best, level)
    return level / best - 1
  })
}
