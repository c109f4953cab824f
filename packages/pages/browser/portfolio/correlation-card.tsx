import type { Analytic, CorrelationMatrix } from '../api/contracts.ts'
import { useApi } from '../api/use-api.ts'
import { HeatMap } from '../charts/heat-map.tsx'
import { NumbersTable } from '../charts/numbers-table.tsx'
import { number, signedNumber } from '../format/numbers.ts'
import { reasonWords } from '../format/words.ts'
import { AnalyticCard } from './analytic-card.tsx'

/** The pairs that say most. */
const LISTED_PAIRS = 15

export function CorrelationCard({
  id,
  version,
}: {
  readonly id: string
  readonly version: string | null
}) {
  const path = `/analytics/portfolio/${id}/correlation-matrix`
  const query = useApi<Analytic<CorrelationMatrix>>(path, { version })
  return (
    <AnalyticCard title="Correlations" query={query}>
      {(matrix) => <Correlations matrix={matrix} />}
    </AnalyticCard>
  )
}

function Correlations({ matrix: answer }: { readonly matrix: CorrelationMatrix }) {
  const { symbols, matrix, overall_correlation: overall, excluded } = answer
  return (
    <>
      <p class="legend">
        {overall === null ? (
          'A single holding, so there is no pair.'
        ) : (
          <>
            Mean of all pairs <strong class="figure">{signedNumber(overall, 2)}</strong>; as
            diversified as <strong class="figure">{number(answer.effective_positions, 1)}</strong>{' '}
            independent positions.
          </>
        )}
      </p>
      <HeatMap symbols={symbols} matrix={matrix} summary={summaryOf(answer)} />
      <p class="scale" aria-hidden="true">
        <span>−1</span>
        <span class="scale-bar" />
        <span>+1</span>
      </p>
      {excluded.length > 0 && (
        <p class="fine">
          Left out:{' '}
          {excluded.map(({ symbol, reason }) => `${symbol} (${reasonWords(reason)})`).join(', ')}.
        </p>
      )}
      <NumbersTable
        caption="The strongest pairs"
        columns={['Pair', 'Correlation']}
        rows={strongest(answer).map(({ pair, value }) => [pair, signedNumber(value, 2)])}
      />
    </>
  )
}

function strongest({ symbols, matrix }: CorrelationMatrix) {
  const pairs = symbols.flatMap((one, i) =>
    symbols.slice(i + 1).map((other, next) => {
      return { pair: `${one} and ${other}`, value: matrix[i]?.[i + 1 + next] ?? null }
    }),
  )
  return pairs
    .toSorted((a, b) => Math.abs(b.value ?? 0) - Math.abs(a.value ?? 0))
    .slice(0, LISTED_PAIRS)
}

function summaryOf({ symbols, overall_correlation: overall }: CorrelationMatrix): string {
  return `Correlations of ${symbols.join(', ')}; mean of all pairs ${signedNumber(overall, 2)}.`
}
