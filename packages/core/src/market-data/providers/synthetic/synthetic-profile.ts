import type { Profile } from '../../profile.ts'
import type { SyntheticSymbol } from './symbols.ts'
import { trueBetas } from './true-betas.ts'

/** What a symbol of the synthetic market says of itself; nothing that it was not built with. */
export function syntheticProfile(symbol: SyntheticSymbol): Profile {
  const { name, sector, dividendYield, loadings } = symbol
  return {
    companyName: `${name} (invented)`,
    sector,
    industry: null,
    exchange: null,
    country: null,
    currency: 'USD',
    marketCap: null,
    enterpriseValue: null,
    peRatio: null,
    forwardPe: null,
    psRatio: null,
    pbRatio: null,
    dividendYield,
    beta: trueBetas(loadings).get('Market Beta (90D)') ?? null,
    week52High: null,
    week52Low: null,
    isEtf: sector === null,
    nextEarningsDate: null,
  }
}
