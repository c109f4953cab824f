const ZONE = 'America/New_York'
const HOUR_MS = 3_600_000

const dateFormat = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, dateStyle: 'short' })
const offsetFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: ZONE,
  timeZoneName: 'longOffset',
})
const nameFormat = new Intl.DateTimeFormat('en-US', { timeZone: ZONE, timeZoneName: 'short' })

/** The date that an instant (epoch ms) has in New York, `YYYY-MM-DD`. */
export function newYorkDate(instant: number): string {
  return dateFormat.format(instant)
}

/** What New York's clocks are ahead of UTC at an instant, in ms: −5 h or −4 h. */
export function newYorkOffset(instant: number): number {
  const name = offsetFormat.formatToParts(instant).find(({ type }) => type === 'timeZoneName')
  return Number(name?.value.slice('GMT'.length, 'GMT-05'.length)) * HOUR_MS
}

/** `EST` or `EDT`. */
export function newYorkZoneName(instant: number): string {
  return nameFormat.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

/** The instant at which a date begins in New York, epoch ms. Clocks change at 02:00, never at midnight. */
export function newYorkMidnight(date: string): number {
  const inUtc = Date.parse(`${date}T00:00:00Z`)
  return inUtc - newYorkOffset(inUtc + 5 * HOUR_MS)
}
