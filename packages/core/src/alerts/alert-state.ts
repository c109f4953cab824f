import { DateTime } from 'luxon'

/** How long an alert that was sent is not sent again. */
export const REPEAT_AFTER_HOURS = 6

/**
 * How long a process may take to send what it has claimed. When it dies before it has noted the end,
 * another one may send after that; longer than all attempts of a delivery together.
 */
const CLAIM_MINUTES = 3

/** What is remembered of an alert, as `daily_metrics.value` holds it. Times are ISO, UTC. */
export interface AlertState {
  readonly state: 'firing' | 'resolved'
  readonly title: string
  readonly severity: string
  /** Null until a first delivery is accepted. */
  readonly first_sent_at: string | null
  readonly last_sent_at: string | null
  readonly resolved_at: string | null
  /** While some process is sending. */
  readonly claimed_until: string | null
}

/** What a change makes of a state; null = it stays as it is. */
export type AlertChange = (current: AlertState | null) => AlertState | null

/** Claims the sending of an alert; not when it was sent within six hours, or is being sent elsewhere. */
export function claimAlert(
  alert: { readonly title: string; readonly severity: string },
  now: DateTime<true>,
): AlertChange {
  const { title, severity } = alert
  const claimed_until = claimEnd(now)
  return (current) => {
    if (current?.state !== 'firing') {
      const times = { first_sent_at: null, last_sent_at: null, resolved_at: null }
      return { state: 'firing', title, severity, ...times, claimed_until }
    }
    if (isClaimed(current, now) || wasSentLately(current, now)) return null
    return { ...current, title, severity, claimed_until }
  }
}

/** Claims the sending of a recovery notice; not when nothing is firing, or somebody else is sending. */
export function claimRecovery(now: DateTime<true>): AlertChange {
  return (current) => {
    if (current?.state !== 'firing' || isClaimed(current, now)) return null
    // Nobody ever heard of it, so nobody need hear that it is over.
    if (current.first_sent_at === null) return resolved(current, now)
    return { ...current, claimed_until: claimEnd(now) }
  }
}

export function noteSent(now: DateTime<true>): AlertChange {
  return (current) =>
    current === null
      ? null
      : {
          ...current,
          first_sent_at: current.first_sent_at ?? now.toISO(),
          last_sent_at: now.toISO(),
          claimed_until: null,
        }
}

export function noteRecovered(now: DateTime<true>): AlertChange {
  return (current) => (current === null ? null : resolved(current, now))
}

/** After a failed delivery the next occasion may try again at once. */
export const dropClaim: AlertChange = (current) =>
  current === null ? null : { ...current, claimed_until: null }

function resolved(current: AlertState, now: DateTime<true>): AlertState {
  return { ...current, state: 'resolved', resolved_at: now.toISO(), claimed_until: null }
}

function claimEnd(now: DateTime<true>): string {
  return now.plus({ minutes: CLAIM_MINUTES }).toISO()
}

function isClaimed({ claimed_until }: AlertState, now: DateTime): boolean {
  return claimed_until !== null && DateTime.fromISO(claimed_until) > now
}

function wasSentLately({ last_sent_at }: AlertState, now: DateTime): boolean {
  if (last_sent_at === null) return false
  return DateTime.fromISO(last_sent_at).plus({ hours: REPEAT_AFTER_HOURS }) > now
}
