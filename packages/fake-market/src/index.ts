export type {
  MarketBar,
  MarketProfile,
  MarketSession,
  MarketSource,
  MarketStatement,
} from './market/market-source.ts'
export { startFakeMarket, type FakeMarket, type FakeMarketOptions } from './start-fake-market.ts'
export type { ServedRequest } from './http/request-handler.ts'
export { parseScript, ScriptError } from './script/parse-script.ts'
export {
  FAULT_KINDS,
  type EndpointName,
  type Fault,
  type FaultKind,
  type Script,
  type Vendor,
} from './script/script.ts'
