import { z } from 'zod'

const figure = z.number().nullable()
const date = z.string().meta({ format: 'date' })
const money = z.number().meta({ description: 'Dollars.' })

const qualitySchema = z
  .strictObject({
    coverage_pct: figure.meta({
      description: '0 to 100: share of the listed market value that the figures know.',
    }),
    stale_positions: z.int(),
    missing_positions: z.int(),
    private_allocation_pct: figure,
    quality_flag: z.enum(['full', 'limited', 'none']),
  })
  .meta({ id: 'DataQuality' })

/** An answer with these figures, or with the reason why there are none. */
export function analytic(data: z.ZodType) {
  return z.strictObject({
    portfolio_id: z.uuid(),
    calculation_date: date.nullable().meta({ description: 'The session the figures are of.' }),
    available: z.boolean(),
    reason: z.string().optional().meta({ description: 'Why there are no figures.' }),
    data: data.nullable(),
    data_quality: qualitySchema,
    note: z.string().optional(),
  })
}

const nullableMoney = money.nullable()
const kind = z.enum(['PUBLIC', 'OPTIONS', 'PRIVATE'])
const positionNames = { position_id: z.uuid(), symbol: z.string() }
const trend = z.enum(['increasing', 'decreasing', 'stable']).nullable()

export const overviewSchema = analytic(
  z.strictObject({
    equity_balance: money,
    net_asset_value: money,
    cash_value: money,
    long_value: money,
    short_value: money,
    gross_exposure: money,
    net_exposure: money,
    leverage: figure,
    net_leverage: figure,
    daily_pnl: money,
    daily_return: figure,
    cumulative_pnl: money,
    unrealized_pnl: money,
    daily_realized_pnl: money,
    cumulative_realized_pnl: money,
    daily_dividends: money,
    cumulative_dividends: money,
    daily_capital_flow: money,
    cumulative_capital_flow: money,
    num_positions: z.int(),
    num_long_positions: z.int(),
    num_short_positions: z.int(),
    positions_stale: z.int(),
    positions_missing: z.int(),
    is_partial: z.boolean(),
    portfolio_delta: figure,
    portfolio_gamma: figure,
    portfolio_theta: figure,
    portfolio_vega: figure,
    realized_volatility_21d: figure,
    realized_volatility_63d: figure,
    expected_volatility_21d: figure,
    volatility_trend: trend,
    volatility_percentile: figure,
    beta_calculated_90d: figure,
    beta_calculated_90d_r_squared: figure,
    beta_calculated_90d_observations: z.int().nullable(),
    beta_provider_1y: figure,
    sector_exposure: z.record(z.string(), figure).nullable(),
    hhi: figure,
    effective_num_positions: figure,
    top_3_concentration: figure,
    top_10_concentration: figure,
    freshness: z.strictObject({
      sessions: z.int(),
      level: z.string(),
      severity: z.enum(['ok', 'warning', 'critical']),
    }),
    unavailable: z
      .record(z.string(), z.string())
      .meta({ description: 'Why figures are null, by figure.' }),
  }),
)

export const factorsSchema = analytic(
  z.strictObject({
    equity_balance: nullableMoney,
    factors: z.array(
      z.strictObject({
        factor_id: z.uuid(),
        name: z.string(),
        factor_type: z.string(),
        calculation_method: z.string(),
        beta: figure.meta({ description: 'Dollars of exposure per dollar of equity.' }),
        std_error: figure,
        exposure_dollar: nullableMoney,
        coverage_pct: figure,
        r_squared: figure.meta({ description: 'Mean of the holdings, by market value.' }),
        r_squared_class: z.enum(['high', 'moderate', 'low']).nullable(),
        tilt: z
          .strictObject({
            strength: z.enum(['strong', 'moderate', 'weak']),
            toward: z.string().nullable(),
          })
          .nullable()
          .meta({ description: 'Of spreads only.' }),
      }),
    ),
  }),
)

export const positionFactorsSchema = analytic(
  z.strictObject({
    positions: z.array(
      z.strictObject({
        ...positionNames,
        investment_class: kind,
        market_value: nullableMoney,
        reason: z.string().optional(),
        factors: z.array(
          z.strictObject({
            factor_id: z.uuid(),
            name: z.string(),
            beta: z.number(),
            std_error: figure,
            r_squared: figure,
          }),
        ),
      }),
    ),
  }),
)

export const stressSchema = analytic(
  z.strictObject({
    equity_balance: nullableMoney,
    scenarios: z.array(
      z.strictObject({
        scenario_id: z.string(),
        name: z.string(),
        description: z.string().nullable(),
        category: z.string().nullable(),
        severity: z.string(),
        shocks: z.unknown().meta({ description: 'Fractions by factor.' }),
        direct_pnl: nullableMoney,
        correlated_pnl: nullableMoney,
        correlation_effect: nullableMoney,
        pnl_std_error: nullableMoney,
        direct_share: figure.meta({ description: 'Of equity.' }),
        correlated_share: figure.meta({ description: 'Of equity.' }),
        factor_impacts: z.record(z.string(), z.number()),
        reason: z.string().optional(),
      }),
    ),
  }),
)

export const correlationSchema = analytic(
  z.strictObject({
    duration_days: z.int(),
    symbols: z.array(z.string()),
    matrix: z.array(z.array(z.number())),
    overall_correlation: figure,
    effective_positions: figure,
    observations: z.int().nullable(),
    is_repaired: z.boolean(),
    positions_included: z.int(),
    positions_excluded: z.int(),
    excluded: z.array(z.strictObject({ symbol: z.string(), reason: z.string() })),
  }),
)

export const diversificationSchema = analytic(
  z.strictObject({
    score: figure.meta({ description: '0 (all move as one) to 100 (nothing moves together).' }),
    overall_correlation: figure,
    effective_positions: figure,
    positions_included: z.int(),
    positions_excluded: z.int(),
  }),
)

const volatilities = {
  realized_volatility_21d: figure,
  realized_volatility_63d: figure,
  expected_volatility_21d: figure,
  volatility_trend: trend,
  volatility_percentile: figure,
}

export const volatilitySchema = analytic(
  z.strictObject({
    ...volatilities,
    positions: z.array(
      z.strictObject({
        ...positionNames,
        investment_class: kind,
        ...volatilities,
        observations: z.int().nullable(),
      }),
    ),
  }),
)

const calculatedBeta = z.strictObject({
  beta: figure,
  r_squared: figure,
  observations: z.int().nullable(),
})
const providerBeta = z.strictObject({ beta: figure })

export const calculatedBetaSchema = analytic(calculatedBeta)
export const providerBetaSchema = analytic(providerBeta)
export const betaComparisonSchema = analytic(
  z.strictObject({
    calculated_90d: calculatedBeta.nullable(),
    calculated_90d_reason: z.string().optional(),
    provider_1y: providerBeta.nullable(),
    provider_1y_reason: z.string().optional(),
    market_factor: z.strictObject({ beta: figure, std_error: figure }).nullable(),
    difference: figure.meta({ description: 'Calculated less published.' }),
  }),
)

export const sectorSchema = analytic(
  z.strictObject({
    equity_balance: money,
    gross_exposure: money,
    sectors: z.array(
      z.strictObject({
        sector: z.string(),
        weight: figure.meta({ description: 'Share of equity.' }),
        value: nullableMoney,
      }),
    ),
  }),
)

export const concentrationSchema = analytic(
  z.strictObject({
    hhi: figure,
    effective_num_positions: figure,
    top_3_concentration: figure,
    top_10_concentration: figure,
    num_positions: z.int(),
  }),
)

export const greeksSchema = analytic(
  z.strictObject({
    portfolio_delta: figure.meta({ description: 'Dollars, shares included.' }),
    portfolio_gamma: figure.meta({ description: 'Dollars of delta per 1 % move.' }),
    portfolio_theta: figure.meta({ description: 'Dollars per calendar day.' }),
    portfolio_vega: figure.meta({ description: 'Dollars per point of volatility.' }),
    positions: z.array(
      z.strictObject({
        ...positionNames,
        underlying_symbol: z.string().nullable(),
        reason: z.string().optional(),
        greeks: z
          .strictObject({
            implied_volatility: figure,
            delta: figure,
            gamma: figure,
            theta: figure,
            vega: figure,
            rho: figure,
            delta_dollars: figure,
            gamma_dollars: figure,
            model: z.string().nullable(),
          })
          .nullable(),
      }),
    ),
  }),
)

const dayReturn = z.strictObject({ date, return: z.number() })
const tail = z
  .strictObject({
    value_at_risk: z.number(),
    expected_shortfall: z.number(),
    observations: z.int(),
  })
  .nullable()

export const performanceSchema = analytic(
  z.strictObject({
    from: date,
    to: date,
    time_weighted_return: z.number(),
    money_weighted_return: figure,
    money_weighted_period_return: figure,
    volatility: figure,
    sharpe: figure,
    sortino: figure,
    max_drawdown: z.strictObject({
      depth: z.number(),
      peak_date: date.nullable(),
      trough_date: date.nullable(),
      recovery_date: date.nullable(),
      current: z.number(),
    }),
    best_day: dayReturn,
    worst_day: dayReturn,
    months: z.array(z.strictObject({ month: z.string(), return: z.number() })),
    observations: z.int(),
    benchmark: z
      .strictObject({
        symbol: z.string(),
        beta: figure,
        tracking_error: z.number(),
        excess_return: z.number(),
        benchmark_return: z.number(),
        observations: z.int(),
      })
      .nullable(),
    tail_risk: z.discriminatedUnion('available', [
      z.strictObject({
        available: z.literal(true),
        at_95: tail,
        at_99: tail,
        coverage_pct: z.number(),
      }),
      z.strictObject({ available: z.literal(false), reason: z.string() }),
    ]),
  }),
)

export const pnlExplainSchema = analytic(
  z.strictObject({
    sessions: z.array(
      z.strictObject({
        date,
        daily_pnl: money,
        factors: z.record(z.string(), z.number()),
        dividends: money,
        ex_dividend_fall: money,
        trades: money,
        private_revaluations: money,
        option_time_value: money,
        rest: money.meta({ description: 'What nothing explains.' }),
        rest_share: figure,
        equity: money,
        coverage_pct: figure,
        model_date: date,
      }),
    ),
  }),
)
