import type { ExposureLot } from '../exposures/exposure-book.ts'

/**
 * Whether enough of a portfolio's open lots have a mark for its analytics to mean anything: at most
 * `maxMissingShare` of the PUBLIC and OPTIONS lots may be `missing`. When it says no, the reason is
 * `insufficient_marks`.
 *
 * @param lots the open lots without those that cannot have a price yet: being onboarded, or of a class
 * that no provider serves. These only lower coverage.
 * @param maxMissingShare a fraction of lots (`ANALYTICS_MAX_MISSING_SHARE`)
 * @example one of twenty lots missing is a share of exactly 0.05: enough at a limit of 0.05
 */
export function hasEnoughMarks(
  lots: readonly Pick<ExposureLot, 'investmentClass' | 'priceStatus'>[],
  maxMissingShare: number,
): boolean {
  const listed = lots.filter(({ investmentClass }) => investmentClass !== 'PRIVATE')
  const missing = listed.filter(({ priceStatus }) => priceStatus === 'missing').length
  return missing <= maxMissingShare * listed.length
}
