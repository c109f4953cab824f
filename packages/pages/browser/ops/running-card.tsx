import type { Query } from '../api/use-api.ts'
import { number } from '../format/numbers.ts'
import { duration, moment } from '../format/times.ts'
import { jobName, sentence } from '../format/words.ts'
import { useClient } from '../session/session-context.tsx'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { ProgressBar } from '../ui/progress.tsx'
import { useAction } from '../ui/use-action.ts'
import type { Current, Run } from './contracts.ts'

/** Every run under way, in whatever process, with its progress. */
export function RunningCard({ current }: { readonly current: Query<Current> }) {
  return (
    <Card title="Running now">
      <Answered query={current} what="What runs now" lines={2}>
        {(answer) =>
          answer.status === 'idle' ? (
            <Nothing>Nothing is running. A run of any process appears here by itself.</Nothing>
          ) : (
            <ul class="runs">
              {answer.runs.map((run) => (
                <RunUnderWay key={run.batch_run_id} run={run} onCancelled={current.reload} />
              ))}
            </ul>
          )
        }
      </Answered>
    </Card>
  )
}

function RunUnderWay({
  run,
  onCancelled,
}: {
  readonly run: Run
  readonly onCancelled: () => void
}) {
  const client = useClient()
  const { jobs } = run
  const {
    run: cancel,
    isBusy,
    problem,
  } = useAction(async () => {
    const asked = { batch_run_id: run.batch_run_id }
    await client.post('/admin/batch/run/current/cancel', asked)
    onCancelled()
  })
  const name = jobName(run.job_type)
  return (
    <li>
      <div class="run-head">
        <h3>
          {name}
          {run.target_date !== null && <span class="fine"> for {run.target_date}</span>}
        </h3>
        <button
          type="button"
          class="small"
          disabled={isBusy || run.cancel_requested}
          onClick={() => {
            cancel()
          }}
        >
          {run.cancel_requested ? 'Stopping…' : `Cancel ${name.toLowerCase()}`}
        </button>
      </div>
      {problem !== null && <ProblemNotice title="The run was not cancelled" problem={problem} />}
      <ProgressBar percent={run.progress_percent} label={`Progress of ${name.toLowerCase()}`} />
      <p>
        {sentence(run.current_job ?? 'starting')}
        {run.current_portfolio !== null && ` · ${run.current_portfolio}`} ·{' '}
        <span class="figure">
          {number(jobs.completed)} of {number(jobs.total)} done, {number(jobs.failed)} failed
        </span>
      </p>
      <p class="fine">
        Since {moment(run.started_at)} (<span class="figure">{duration(run.elapsed_seconds)}</span>)
        · started by {run.source} · <code class="breakable">{run.batch_run_id}</code>
      </p>
      {run.cancel_requested && (
        <Notice tone="info" title="It stops after the unit of work under way." />
      )}
    </li>
  )
}
