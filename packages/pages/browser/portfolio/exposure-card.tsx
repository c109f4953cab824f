import { useMemo } from 'preact/hooks'
import type { Analytic, FactorExposure, FactorExposures } from '../api/contracts.ts'
import { useApi } from '../api/use-api.ts'
import { BarRows, type BarRow } from '../charts/bar-rows.tsx'
import { NumbersTable } from '../charts/numbers-table.tsx'
import { NONE, signedDollars, signedNumber, number } from '../format/numbers.ts'
import { Nothing } from '../ui/card.tsx'
import { AnalyticCard } from './analytic-card.tsx'

/** A band of so many standard errors holds the truth 95 times in 100. */
const BAND_ERRORS = 2

export function ExposureCard({
  id,
  version,
}: {
  readonly id: string
  readonly version: string | null
}) {
  const path = `/analytics/portfolio/${id}/factor-exposures`
  const query = useApi<Analytic<FactorExposures>>(path, { version })
  return (
    <AnalyticCard title="Factor exposures" query={query}>
      {({ factors }) => <Exposures factors={factors} />}
    </AnalyticCard>
  )
}

function Exposures({ factors }: { readonly factors: readonly FactorExposure[] }) {
  const rows = useMemo(() => factors.flatMap(toRow), [factors])
  if (rows.length === 0)
    return <Nothing>Equity is not positive, so there are no betas to it.</Nothing>
  return (
    <>
      <p class="legend">
        Dollars of exposure per dollar of equity, with the band of two standard errors.
      </p>
      <BarRows rows={rows} tick={tick} summary={summaryOf(factors)} />
      <NumbersTable
        caption="Exposures in numbers"
        columns={['Factor', 'Beta', 'Standard error', 'Dollars', 'Fit (R²)']}
        rows={factors.map((factor) => [
          factor.name,
          signedNumber(factor.beta, 3),
          number(factor.std_error, 3),
          signedDollars(factor.exposure_dollar),
          factor.r_squared_class ?? NONE,
        ])}
      />
    </>
  )
}

function toRow({ factor_id, name, beta, std_error, tilt }: FactorExposure): readonly BarRow[] {
  if (beta === null) return []
  const band = std_error === null ? null : BAND_ERRORS * std_error
  const error = band === null ? '' : ` ± ${number(band, 2)}`
  const note = tilt === null ? {} : { note: tiltWords(tilt) }
  const figure = `${signedNumber(beta, 2)}${error}`
  return [{ key: factor_id, name, figure, value: beta, band, ...note }]
}

/** A lean below the threshold is none. */
function tiltWords({ strength, toward }: NonNullable<FactorExposure['tilt']>): string {
  if (strength === 'weak') return 'no tilt'
  return toward === null ? `${strength} tilt` : `${strength} tilt to ${toward}`
}

function tick(value: number): string {
  return number(value, Number.isInteger(value * 10) ? 1 : 2)
}

function summaryOf(factors: readonly FactorExposure[]): string {
  const said = factors.map(({ name, beta, tilt }) => {
    const words = tilt === null ? '' : `, ${tiltWords(tilt)}`
    return `${name} ${signedNumber(beta, 2)}${words}`
  })
  return `Factor exposures: ${said.join('; ')}.`
}
