/** Earlier sessions whose rests say what is usual. */
export const REST_SESSIONS = 63
/** Fewest earlier sessions from which a deviation is estimated: a month. */
const MIN_SESSIONS = 21
const DEVIATIONS = 5

/**
 * Whether a day's unexplained rest is a sign of bad data: when |rest| ÷ equity is above both a fixed share
 * and five standard deviations (n − 1) of the last 63 sessions' rest ÷ equity.
 *
 * Missing data: sessions without an explanation are not in `earlier`; with fewer than 21 the fixed share
 * alone decides. A rest that is null, for want of equity, raises no alarm.
 *
 * @param restShare signed rest ÷ equity of the day
 * @param earlier signed rest ÷ equity of the sessions before, oldest first
 * @param smallestShare a fraction (`PNL_REST_ALERT`)
 * @example 4 % after sessions with a deviation of 1 %: no alarm at 3 %, because 5 % is needed
 */
export function isRestAlarming(
  restShare: number | null,
  earlier: readonly number[],
  smallestShare: number,
): boolean {
  if (restShare === null) return false
  const recent = earlier.slice(-REST_SESSIONS)
  const usual = recent.length < MIN_SESSIONS ? 0 : DEVIATIONS * deviation(recent)
  return Math.abs(restShare) > Math.max(smallestShare, usual)
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}
