import { useMemo } from 'preact/hooks'
import type { Analytic, Overview } from '../api/contracts.ts'
import type { Query } from '../api/use-api.ts'
import { BarRows } from '../charts/bar-rows.tsx'
import { number, percent } from '../format/numbers.ts'
import { reasonWords } from '../format/words.ts'
import { Answered, Card, Nothing } from '../ui/card.tsx'

export function SectorCard({ overview }: { readonly overview: Query<Analytic<Overview>> }) {
  return (
    <Card title="Sectors and concentration">
      <Answered query={overview} what="Sectors" lines={6}>
        {({ data, reason }) =>
          data === null ? (
            <Nothing>Not available: {reasonWords(reason)}.</Nothing>
          ) : (
            <Sectors overview={data} />
          )
        }
      </Answered>
    </Card>
  )
}

function Sectors({ overview }: { readonly overview: Overview }) {
  const { sector_exposure: sectors, unavailable } = overview
  const text = JSON.stringify(sectors)
  const rows = useMemo(() => rowsOf(sectors ?? {}), [text])
  if (sectors === null || rows.length === 0) {
    const reason = unavailable['sectors'] ?? unavailable['concentration'] ?? 'not_calculated'
    return <Nothing>Not available: {reasonWords(reason)}.</Nothing>
  }
  return (
    <>
      <p class="legend">
        Gross value by sector, as a share of equity.{' '}
        {overview.top_3_concentration !== null && (
          <>
            The three largest holdings are{' '}
            <strong class="figure">{percent(overview.top_3_concentration)}</strong> of gross; as
            concentrated as{' '}
            <strong class="figure">{number(overview.effective_num_positions, 1)}</strong> equal
            ones.
          </>
        )}
      </p>
      <BarRows
        rows={rows}
        tick={tick}
        summary={`Sectors: ${rows.map(({ name, figure }) => `${name} ${figure}`).join(', ')}.`}
      />
    </>
  )
}

function rowsOf(sectors: Readonly<Record<string, number | null>>) {
  return Object.entries(sectors)
    .flatMap(([name, value]) =>
      value === null ? [] : [{ key: name, name, value, band: null, figure: percent(value) }],
    )
    .sort((a, b) => b.value - a.value)
}

function tick(value: number): string {
  return percent(value, 0)
}
