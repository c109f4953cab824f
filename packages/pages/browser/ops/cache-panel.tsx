import { useApi } from '../api/use-api.ts'
import { NONE, number, percent } from '../format/numbers.ts'
import { moment, shortDate } from '../format/times.ts'
import { Badge } from '../ui/badge.tsx'
import { Answered, Card } from '../ui/card.tsx'
import type { CacheStatus } from './contracts.ts'

export function CachePanel({ version }: { readonly version: string }) {
  const query = useApi<CacheStatus>('/admin/cache/status', { version, every: () => 10_000 })
  return (
    <Card title="Cache health" note="of the process that answers">
      <Answered query={query} what="The cache" lines={4}>
        {(cache) => <Cache cache={cache} />}
      </Answered>
    </Card>
  )
}

function Cache({ cache: { symbols, answers } }: { readonly cache: CacheStatus }) {
  return (
    <>
      <p>
        <Badge tone={symbols.loaded ? 'good' : 'warning'}>
          {symbols.loaded ? 'loaded' : 'answers from the database'}
        </Badge>{' '}
        <Badge tone={symbols.listening ? 'good' : 'warning'}>
          {symbols.listening ? 'hears of runs at once' : 'looks every minute'}
        </Badge>
        {symbols.refreshing && (
          <>
            {' '}
            <Badge tone="busy">refreshing</Badge>
          </>
        )}
      </p>
      <dl class="facts">
        <Fact
          name="Symbol hits"
          value={percent(symbols.hit_rate)}
          note={`${number(symbols.fallbacks)} from the database`}
        />
        <Fact
          name="Answer hits"
          value={percent(answers.hit_rate)}
          note={`${number(answers.answers)} kept`}
        />
        <Fact
          name="Invalidations"
          value={number(symbols.refreshes + answers.outdated)}
          note={`${number(symbols.refreshes)} of data, ${number(answers.outdated)} of answers`}
        />
        <Fact
          name="Symbols"
          value={number(symbols.symbols)}
          note={`${number(symbols.sessions)} sessions`}
        />
        <Fact
          name="Prices of"
          value={symbols.prices_date === null ? NONE : shortDate(symbols.prices_date)}
          note={`loaded ${moment(symbols.loaded_at)}`}
        />
        <Fact
          name="Failed loads"
          value={number(symbols.failures)}
          note={symbols.failures === 0 ? 'none' : 'see the log'}
        />
      </dl>
    </>
  )
}

function Fact({
  name,
  value,
  note,
}: {
  readonly name: string
  readonly value: string
  readonly note: string
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="figure">{value}</dd>
      <dd class="fine">{note}</dd>
    </div>
  )
}
