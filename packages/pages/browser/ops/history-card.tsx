import { useState } from 'preact/hooks'
import { useApi } from '../api/use-api.ts'
import { timeOfDay } from '../format/times.ts'
import { jobName } from '../format/words.ts'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import type { Run, RunLog } from './contracts.ts'
import { RunsTable } from './runs-table.tsx'

const TYPES = ['symbol_batch', 'portfolio_refresh', 'legacy_batch', 'symbol_onboarding'] as const
const STATUSES = ['completed', 'completed_with_warnings', 'failed', 'aborted', 'cancelled'] as const

export function HistoryCard({ version }: { readonly version: string }) {
  const [filter, setFilter] = useState({ days: '7', batch_type: '', status: '' })
  const [opened, setOpened] = useState<string | null>(null)
  const given = Object.entries(filter).filter(([, value]) => value !== '')
  const query = useApi<{ readonly runs: readonly Run[] }>(
    `/admin/batch/history?${new URLSearchParams([...given, ['limit', '30']]).toString()}`,
    { version },
  )
  const choose = (name: keyof typeof filter) => (event: Event) => {
    setFilter({ ...filter, [name]: (event.currentTarget as HTMLSelectElement).value })
  }
  return (
    <Card title="History" wide>
      <div class="filters">
        <label>
          Last{' '}
          <select value={filter.days} onChange={choose('days')}>
            <option value="1">day</option>
            <option value="7">7 days</option>
            <option value="30">30 days</option>
            <option value="365">year</option>
          </select>
        </label>
        <label>
          Job{' '}
          <select value={filter.batch_type} onChange={choose('batch_type')}>
            <option value="">all</option>
            {TYPES.map((type) => (
              <option key={type} value={type}>
                {jobName(type)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Ended as{' '}
          <select value={filter.status} onChange={choose('status')}>
            <option value="">anything</option>
            {STATUSES.map((status) => (
              <option key={status} value={status}>
                {status.replaceAll('_', ' ')}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Answered query={query} what="The history" lines={6}>
        {({ runs }) =>
          runs.length === 0 ? (
            <Nothing>No run fits.</Nothing>
          ) : (
            <RunsTable
              runs={runs}
              opened={opened}
              onOpen={(id) => {
                setOpened(id === opened ? null : id)
              }}
            />
          )
        }
      </Answered>
      {opened !== null && <Log key={opened} id={opened} />}
    </Card>
  )
}

function Log({ id }: { readonly id: string }) {
  const query = useApi<RunLog>(`/admin/batch/history/${id}/logs`)
  return (
    <section aria-label="Log of the run">
      <h3>
        Log of <code class="breakable">{id}</code>
      </h3>
      <Answered query={query} what="The log" lines={6}>
        {({ entries }) => (
          <ol class="log" tabIndex={0} aria-label="What the run did, newest last">
            {entries.map(({ at, level, text }, index) => (
              <li key={index} class={level}>
                <time dateTime={at} class="figure">
                  {timeOfDay(at)}
                </time>{' '}
                {level !== 'info' && <strong>{level}: </strong>}
                {text}
              </li>
            ))}
          </ol>
        )}
      </Answered>
    </section>
  )
}
