/** Why figures are missing, in words that say what to expect. Codes are the API's closed lists. */
const REASONS: Readonly<Record<string, string>> = {
  no_snapshot: 'the portfolio has not been valued yet',
  not_calculated: 'not computed for this session yet; the next run does it',
  no_active_positions: 'there are no open positions',
  no_public_positions: 'none of the open positions is listed on an exchange',
  insufficient_observations: 'the holdings have too short a price history',
  no_price_data: 'there are no prices for the holdings',
  no_factor_exposures: 'the holdings have no factor betas yet',
  no_greeks: 'the options have no Greeks yet',
  below_threshold: 'too small a holding',
  insufficient_marks: 'more than 5 % of the positions have no recent price',
  stale_exposures: 'the factor exposures are too old',
  ill_conditioned: 'the shocked factors cannot be told apart in the data',
  unknown_symbol: 'no data provider knows this symbol',
  all_providers_exhausted: 'no data provider knows this symbol',
  processing_elsewhere: 'another server is fetching it',
  timeout: 'the data provider took too long',
  internal_error: 'something went wrong here',
}

export function reasonWords(reason: string | null | undefined): string {
  if (reason === null || reason === undefined) return 'the reason is not recorded'
  return REASONS[reason] ?? plain(reason)
}

const JOBS: Readonly<Record<string, string>> = {
  symbol_batch: 'Symbol batch',
  portfolio_refresh: 'Portfolio refresh',
  legacy_batch: 'Combined batch',
  symbol_onboarding: 'Onboarding',
}

export function jobName(jobType: string): string {
  return JOBS[jobType] ?? sentence(jobType)
}

/** A code as a person would write it: `company_profiles` is `Company profiles`. */
export function sentence(code: string): string {
  const words = plain(code)
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

export function plain(code: string): string {
  return code.replaceAll(/[_.]/g, ' ').toLowerCase()
}

const ACCOUNT_TYPES: Readonly<Record<string, string>> = {
  taxable: 'Taxable',
  ira: 'IRA',
  roth_ira: 'Roth IRA',
  '401k': '401(k)',
  '403b': '403(b)',
  '529': '529 plan',
  hsa: 'HSA',
  trust: 'Trust',
  other: 'Other',
}

export const ACCOUNT_TYPE_CODES = [
  ...['taxable', 'ira', 'roth_ira', '401k', '403b', '529', 'hsa', 'trust', 'other'],
] as const

export function accountTypeName(code: string): string {
  return ACCOUNT_TYPES[code] ?? sentence(code)
}
