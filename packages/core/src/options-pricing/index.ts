export {
  chooseVolatility,
  LAST_SOLVED_SESSIONS,
  type ChosenVolatility,
  type GreeksModel,
  type VolatilitySources,
} from './choose-volatility.ts'
export {
  impliedVolatility,
  type ImpliedVolatility,
  type NoVolatilityReason,
} from './implied-volatility.ts'
export { OptionMarket, type OptionMarketFacts, type OptionQuote } from './option-market.ts'
export type { OptionTerms } from './option-terms.ts'
export { portfolioGreeks, type PortfolioGreeks } from './portfolio-greeks.ts'
export { positionGreeks, type OptionHolding, type PositionGreeks } from './position-greeks.ts'
export { priceOption, type OptionValue } from './price-option.ts'
export { yearsToExpiration } from './years-to-expiration.ts'
export { savePortfolioGreeks } from './store/save-portfolio-greeks.ts'
export { savePositionGreeks, type LotGreeks } from './store/save-position-greeks.ts'
export { selectDividendYields } from './store/select-dividend-yields.ts'
