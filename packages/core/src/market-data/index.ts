export type { AcceptedBar, DailyBar } from './bar.ts'
export type { CompanySource } from './company-source.ts'
export type { BarRequest, MarketDataProvider } from './provider.ts'
export { createFileProvider, type FileProvider } from './providers/file/create-file-provider.ts'
export { describeFileReport, type FileReport } from './providers/file/file-report.ts'
export {
  createSyntheticMarket,
  type SyntheticMarket,
} from './providers/synthetic/create-synthetic-market.ts'
export { createProviderChain, type ChainOutcome, type ProviderChain } from './provider-chain.ts'
export { planBarRequests, type GapPlan } from './gaps/plan-bar-requests.ts'
export { selectAskedHistory } from './store/asked-history.ts'
export { selectBarCoverage } from './store/select-bar-coverage.ts'
export { selectSymbolsPricedOn } from './store/select-symbols-priced-on.ts'
export { updateBars, type BarUpdateReport } from './update-bars.ts'
export { createProviders, DEMO_SEED } from './create-providers.ts'
