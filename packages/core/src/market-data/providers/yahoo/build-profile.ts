import type { DateTime } from 'luxon'
import type { IsoDate } from '../../../calendar/iso-date.ts'
import type { Profile } from '../../profile.ts'
import type { QuoteFacts } from './read-quotes.ts'
import type { ZoneDates } from './zone-dates.ts'

/**
 * A profile from what several answers say of one symbol; where two say something the first one counts.
 * The next earnings date is the first that is not past, in the exchange's zone; without a zone it is
 * not known.
 *
 * @returns null when nothing but the symbol's kind is known
 */
export function buildProfile(
  answers: readonly QuoteFacts[],
  now: DateTime<true>,
  dates: ZoneDates,
): Profile | null {
  const first = <Key extends keyof Profile>(key: Key): Profile[Key] | null =>
    answers.map(({ profile }) => profile[key] ?? null).find((value) => value !== null) ?? null
  const profile: Omit<Profile, 'isEtf'> = {
    companyName: first('companyName'),
    sector: first('sector'),
    industry: first('industry'),
    exchange: first('exchange'),
    country: first('country'),
    currency: first('currency'),
    marketCap: first('marketCap'),
    enterpriseValue: first('enterpriseValue'),
    peRatio: first('peRatio'),
    forwardPe: first('forwardPe'),
    psRatio: first('psRatio'),
    pbRatio: first('pbRatio'),
    dividendYield: first('dividendYield'),
    beta: first('beta'),
    week52High: first('week52High'),
    week52Low: first('week52Low'),
    nextEarningsDate: nextEarningsDate(answers, now, dates),
  }
  if (Object.values(profile).every((value) => value === null)) return null
  const quoteType = answers.map((facts) => facts.quoteType).find((type) => type !== null)
  return { ...profile, isEtf: quoteType === undefined ? null : quoteType === 'ETF' }
}

function nextEarningsDate(
  answers: readonly QuoteFacts[],
  now: DateTime<true>,
  dates: ZoneDates,
): IsoDate | null {
  const zone = answers.map((facts) => facts.zone).find((name) => name !== null)
  if (zone === undefined) return null
  const today = dates.dateOf(Math.floor(now.toSeconds()), zone)
  const coming = answers
    .flatMap(({ earnings }) => earnings)
    .map((stamp) => dates.dateOf(stamp, zone))
    .filter((date) => date >= today)
    .sort()
  return coming[0] ?? null
}
