import { NONE } from './numbers.ts'

const LOCALE = 'en-GB'

/** `Friday 9 January`, with the year when it is not this one. */
export function longDate(date: string, now = new Date()): string {
  const day = dayOf(date)
  const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', timeZone: 'UTC' }).format(day)
  const rest = new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
    ...yearUnlessThis(day, now),
  }).format(day)
  return `${weekday} ${rest}`
}

/** `9 Jan`, with the year when it is not this one. */
export function shortDate(date: string, now = new Date()): string {
  const day = dayOf(date)
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
    ...yearUnlessThis(day, now),
  }).format(day)
}

/** An instant in the reader's own time: `9 Jan, 21:05`. */
export function moment(instant: string | null, now = new Date()): string {
  if (instant === null) return NONE
  const at = new Date(instant)
  return new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  }).format(at)
}

/** An instant's time of day with seconds, in the reader's own time. */
export function timeOfDay(instant: string): string {
  return new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' }).format(new Date(instant))
}

/** `0.4 s`, `12 s`, `4 min 10 s`, `2 h 05 min`. */
export function duration(seconds: number | null): string {
  if (seconds === null) return NONE
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)} s`
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`
}

/** A session as an instant for axes: midnight UTC. */
export function dayOf(date: string): Date {
  return new Date(`${date}T00:00:00Z`)
}

function yearUnlessThis(day: Date, now: Date): { year?: 'numeric' } {
  return day.getUTCFullYear() === now.getFullYear() ? {} : { year: 'numeric' }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
