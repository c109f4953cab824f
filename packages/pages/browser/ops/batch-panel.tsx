import type { Query } from '../api/use-api.ts'
import { NONE, number } from '../format/numbers.ts'
import { duration, longDate, moment } from '../format/times.ts'
import { jobName } from '../format/words.ts'
import { Answered, Card } from '../ui/card.tsx'
import { AgeBadge } from './age-badge.tsx'
import type { BatchStatus, Run } from './contracts.ts'
import { RunStatus } from './run-status.tsx'

export function BatchPanel({ status }: { readonly status: Query<BatchStatus> }) {
  const note =
    status.data === null
      ? undefined
      : status.data.mode === 'v2'
        ? 'V2: two jobs'
        : 'Legacy: one job'
  return (
    <Card title="Batch status" note={note}>
      <Answered query={status} what="The batch status" lines={5}>
        {(answer) => (
          <>
            <p>
              Newest prices{' '}
              {answer.newest_price_date === null ? NONE : longDate(answer.newest_price_date)}{' '}
              <AgeBadge age={answer.staleness} />
              <span class="fine"> · due: {longDate(answer.effective_date)}</span>
            </p>
            <table>
              <thead>
                <tr>
                  <th scope="col">Latest run</th>
                  <th scope="col">Began</th>
                  <th scope="col" class="figure">
                    Processed
                  </th>
                </tr>
              </thead>
              <tbody>
                {jobsOf(answer).map(({ type, run }) => (
                  <JobRow key={type} type={type} run={run} />
                ))}
              </tbody>
            </table>
          </>
        )}
      </Answered>
    </Card>
  )
}

/** The jobs of the mode, and what the other one left. */
function jobsOf({ mode, symbol_batch, portfolio_refresh, legacy_batch }: BatchStatus) {
  const all = [
    { type: 'symbol_batch', run: symbol_batch, isOwn: mode === 'v2' },
    { type: 'portfolio_refresh', run: portfolio_refresh, isOwn: mode === 'v2' },
    { type: 'legacy_batch', run: legacy_batch, isOwn: mode === 'legacy' },
  ]
  return all.filter(({ run, isOwn }) => isOwn || run !== null)
}

function JobRow({ type, run }: { readonly type: string; readonly run: Run | null }) {
  if (run === null) {
    return (
      <tr>
        <th scope="row">{jobName(type)}</th>
        <td colSpan={2}>has never run</td>
      </tr>
    )
  }
  return (
    <tr>
      <th scope="row">
        <span class="symbol">{jobName(type)}</span>
        <span class="fine">
          <RunStatus run={run} />
        </span>
      </th>
      <td class="when">
        {moment(run.started_at)}
        <span class="fine">took {duration(run.elapsed_seconds)}</span>
      </td>
      <td class="figure">
        {number(run.jobs.completed)}
        <span class="fine">{number(run.jobs.failed)} failed</span>
      </td>
    </tr>
  )
}
