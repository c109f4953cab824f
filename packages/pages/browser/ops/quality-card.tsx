import { useState } from 'preact/hooks'
import { useApi } from '../api/use-api.ts'
import { number } from '../format/numbers.ts'
import { shortDate } from '../format/times.ts'
import { plain, sentence } from '../format/words.ts'
import { useClient } from '../session/session-context.tsx'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { useAction } from '../ui/use-action.ts'
import { AgeBadge } from './age-badge.tsx'
import type { DataQuality, FreshnessOfData, Started } from './contracts.ts'

const KINDS = [
  'prices',
  'factors',
  'symbol_metrics',
  'snapshots',
  'exposures',
  'correlations',
  'stress_tests',
] as const

export function QualityCard({
  version,
  onStarted,
}: {
  readonly version: string
  readonly onStarted: () => void
}) {
  const client = useClient()
  const [told, setTold] = useState<Started['status'] | null>(null)
  const quality = useApi<DataQuality>('/admin/batch/data-quality?limit=20', { version })
  const freshness = useApi<FreshnessOfData>('/admin/data/freshness', { version })
  const { run, isBusy, problem } = useAction(async () => {
    setTold(null)
    const { status } = await client.post<Started>('/admin/batch/data-quality/refresh')
    setTold(status)
    if (status === 'started') onStarted()
  })
  const refresh = (
    <button
      type="button"
      class="small"
      disabled={isBusy}
      onClick={() => {
        run()
      }}
    >
      {isBusy ? 'Starting…' : 'Fetch what is lacking'}
    </button>
  )
  return (
    <Card title="Data quality" wide actions={refresh}>
      {problem !== null && <ProblemNotice title="Nothing was started" problem={problem} />}
      {told === 'nothing_lacking' && <Notice tone="good" title="Nothing is lacking." />}
      {told === 'started' && <Notice tone="good" title="Started. It shows under “Running now”." />}
      <Answered query={freshness} what="The age of the data" lines={2}>
        {(answer) => (
          <dl class="facts">
            {KINDS.map((kind) => {
              const age = answer[kind]
              return (
                <div key={kind}>
                  <dt>{sentence(kind)}</dt>
                  <dd class="figure">{age.date === null ? 'none' : shortDate(age.date)}</dd>
                  <dd>
                    <AgeBadge age={age} />
                  </dd>
                </div>
              )
            })}
          </dl>
        )}
      </Answered>
      <Answered query={quality} what="The data quality" lines={4}>
        {(answer) => <Lacking quality={answer} />}
      </Answered>
    </Card>
  )
}

function Lacking({ quality: { counts, symbols, portfolios } }: { readonly quality: DataQuality }) {
  const rows = [
    ...symbols.map((item) => {
      return {
        key: item.symbol,
        ...item,
        newest: item.newest_price,
        kind: 'Symbol',
        name: item.symbol,
      }
    }),
    ...portfolios.map((item) => {
      return {
        key: item.portfolio_id,
        ...item,
        newest: item.newest_snapshot,
        kind: 'Portfolio',
        last_error: null,
      }
    }),
  ].filter(({ lacks }) => lacks.length > 0)
  return (
    <>
      <p>
        <span class="figure">{number(counts.symbols.lacking)}</span> of{' '}
        <span class="figure">{number(counts.symbols.total)}</span> symbols and{' '}
        <span class="figure">{number(counts.portfolios.lacking)}</span> of{' '}
        <span class="figure">{number(counts.portfolios.total)}</span> portfolios lack something.
      </p>
      {rows.length === 0 ? (
        <Nothing>Everything has what it needs.</Nothing>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="What lacks data">
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Lacks</th>
                <th scope="col">Newest</th>
                <th scope="col">Last error</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, kind, name, lacks, newest, last_error: error }) => (
                <tr key={key}>
                  <th scope="row">
                    {name}
                    <span class="fine">{kind}</span>
                  </th>
                  <td>{lacks.map(plain).join(', ')}</td>
                  <td class="when">{newest ?? 'none'}</td>
                  <td class="breakable">{error === null ? '' : plain(error)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
