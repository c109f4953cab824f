import { useMemo } from 'preact/hooks'
import type { Analytic, StressScenario, StressTest } from '../api/contracts.ts'
import { useApi } from '../api/use-api.ts'
import { BarRows, type BarRow } from '../charts/bar-rows.tsx'
import { NumbersTable } from '../charts/numbers-table.tsx'
import { number, shortMoney, signedDollars, signedPercent } from '../format/numbers.ts'
import { reasonWords } from '../format/words.ts'
import { AnalyticCard } from './analytic-card.tsx'

const BAND_ERRORS = 2

export function StressCard({
  id,
  version,
}: {
  readonly id: string
  readonly version: string | null
}) {
  const path = `/analytics/portfolio/${id}/stress-test`
  const query = useApi<Analytic<StressTest>>(path, { version })
  return (
    <AnalyticCard title="Stress tests" query={query}>
      {({ scenarios }) => <Stress scenarios={scenarios} />}
    </AnalyticCard>
  )
}

function Stress({ scenarios }: { readonly scenarios: readonly StressScenario[] }) {
  const rows = useMemo(() => scenarios.flatMap(toRow), [scenarios])
  const skipped = scenarios.filter(({ reason }) => reason !== undefined)
  return (
    <>
      <p class="legend">
        What a scenario would gain or lose, with what usually moves along, and the band of two
        standard errors.
      </p>
      <BarRows rows={rows} tick={shortMoney} summary={summaryOf(scenarios)} />
      {skipped.map(({ scenario_id, name, reason }) => (
        <p key={scenario_id} class="fine">
          {name}: not available, {reasonWords(reason)}.
        </p>
      ))}
      <NumbersTable
        caption="Stress tests in numbers"
        columns={['Scenario', 'P&L', 'Of equity', 'Shock alone', 'Standard error']}
        rows={scenarios.map((scenario) => [
          scenario.name,
          signedDollars(scenario.correlated_pnl),
          signedPercent(scenario.correlated_share, 1),
          signedDollars(scenario.direct_pnl),
          number(scenario.pnl_std_error),
        ])}
      />
    </>
  )
}

function toRow(scenario: StressScenario): readonly BarRow[] {
  const { scenario_id: key, name, correlated_pnl: value, pnl_std_error: error } = scenario
  if (value === null) return []
  const figure = `${signedDollars(value)} (${signedPercent(scenario.correlated_share, 1)})`
  return [{ key, name, figure, value, band: error === null ? null : BAND_ERRORS * error }]
}

function summaryOf(scenarios: readonly StressScenario[]): string {
  const said = scenarios.map(({ name, correlated_pnl: pnl }) => `${name} ${signedDollars(pnl)}`)
  return `Stress tests: ${said.join(', ')}.`
}
