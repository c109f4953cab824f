import type {
  CorrelationCalculationsTable,
  PairwiseCorrelationsView,
  PortfolioSnapshotsTable,
  PositionGreeksTable,
  PositionVolatilityTable,
  StressTestResultsTable,
  StressTestScenariosTable,
} from './analytics-tables.ts'
import type {
  BatchJobsTable,
  BatchRunHistoryTable,
  BatchRunTrackingTable,
  DailyMetricsTable,
} from './batch-tables.ts'
import type {
  FactorDefinitionsTable,
  FactorExposuresTable,
  PositionFactorExposuresView,
  PositionMarketBetasView,
  SymbolDailyMetricsTable,
  SymbolFactorExposuresTable,
} from './factor-tables.ts'
import type {
  BalanceSheetsTable,
  CashFlowsTable,
  CompanyProfilesTable,
  IncomeStatementsTable,
  MarketDataCacheTable,
  SymbolUniverseTable,
} from './market-tables.ts'
import type {
  EquityChangesTable,
  PortfoliosTable,
  PositionRealizedEventsTable,
  PositionsTable,
  PositionValuationsTable,
  UsersTable,
} from './portfolio-tables.ts'

/** Every table and view of the database, by name. What they mean is in the migrations that make them. */
export interface Tables {
  users: UsersTable
  portfolios: PortfoliosTable
  positions: PositionsTable
  position_realized_events: PositionRealizedEventsTable
  position_valuations: PositionValuationsTable
  equity_changes: EquityChangesTable
  portfolio_snapshots: PortfolioSnapshotsTable
  symbol_universe: SymbolUniverseTable
  market_data_cache: MarketDataCacheTable
  company_profiles: CompanyProfilesTable
  income_statements: IncomeStatementsTable
  balance_sheets: BalanceSheetsTable
  cash_flows: CashFlowsTable
  factor_definitions: FactorDefinitionsTable
  symbol_factor_exposures: SymbolFactorExposuresTable
  symbol_daily_metrics: SymbolDailyMetricsTable
  factor_exposures: FactorExposuresTable
  position_factor_exposures: PositionFactorExposuresView
  position_market_betas: PositionMarketBetasView
  position_volatility: PositionVolatilityTable
  position_greeks: PositionGreeksTable
  stress_test_scenarios: StressTestScenariosTable
  stress_test_results: StressTestResultsTable
  correlation_calculations: CorrelationCalculationsTable
  pairwise_correlations: PairwiseCorrelationsView
  batch_run_history: BatchRunHistoryTable
  batch_run_tracking: BatchRunTrackingTable
  batch_jobs: BatchJobsTable
  daily_metrics: DailyMetricsTable
}
