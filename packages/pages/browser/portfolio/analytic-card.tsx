import type { ComponentChildren } from 'preact'
import type { Analytic } from '../api/contracts.ts'
import type { Query } from '../api/use-api.ts'
import { percent } from '../format/numbers.ts'
import { shortDate } from '../format/times.ts'
import { reasonWords } from '../format/words.ts'
import { Answered, Card, Nothing } from '../ui/card.tsx'

/** A card about one analytic of a portfolio: its figures with their date, or why there are none. */
export function AnalyticCard<Data>({
  title,
  query,
  children,
}: {
  readonly title: string
  readonly query: Query<Analytic<Data>>
  readonly children: (data: Data) => ComponentChildren
}) {
  return (
    <Card title={title} note={query.data === null ? undefined : noteOf(query.data)}>
      <Answered query={query} what={title} lines={8}>
        {({ data, reason }) =>
          data === null ? <Nothing>Not available: {reasonWords(reason)}.</Nothing> : children(data)
        }
      </Answered>
    </Card>
  )
}

function noteOf({ calculation_date: date, data, data_quality }: Analytic<unknown>): string {
  if (date === null || data === null) return ''
  const { coverage_pct: coverage } = data_quality
  const part = coverage === null || coverage >= 99.95 ? '' : `, ${percent(coverage / 100)} covered`
  return `${shortDate(date)}${part}`
}
