import { number } from '../format/numbers.ts'
import { duration, moment } from '../format/times.ts'
import { jobName } from '../format/words.ts'
import type { Run } from './contracts.ts'
import { RunStatus } from './run-status.tsx'

/** Runs, each with a button for its log. */
export function RunsTable({
  runs,
  opened,
  onOpen,
}: {
  readonly runs: readonly Run[]
  /** The run whose log is shown. */
  readonly opened: string | null
  readonly onOpen: (id: string) => void
}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Past runs, newest first">
      <table>
        <thead>
          <tr>
            {['Began', 'Job', 'Ended as', 'For', 'By'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {['Took', 'Done', 'Failed'].map((name) => (
              <th key={name} scope="col" class="figure">
                {name}
              </th>
            ))}
            <th scope="col">
              <span class="unseen">Log</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow
              key={run.batch_run_id}
              run={run}
              isOpen={opened === run.batch_run_id}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RunRow({
  run,
  isOpen,
  onOpen,
}: {
  readonly run: Run
  readonly isOpen: boolean
  readonly onOpen: (id: string) => void
}) {
  return (
    <tr>
      <th scope="row" class="when">
        {moment(run.started_at)}
      </th>
      <td>
        {jobName(run.job_type)}
        {run.current_portfolio !== null && <span class="fine">{run.current_portfolio}</span>}
      </td>
      <td>
        <RunStatus run={run} />
      </td>
      <td class="when">{run.target_date}</td>
      <td>{run.source}</td>
      <td class="figure">{duration(run.elapsed_seconds)}</td>
      <td class="figure">{number(run.jobs.completed)}</td>
      <td class="figure">{number(run.jobs.failed)}</td>
      <td>
        <button
          type="button"
          class="small"
          aria-expanded={isOpen}
          aria-label={`Log of ${jobName(run.job_type)}, ${moment(run.started_at)}`}
          onClick={() => {
            onOpen(run.batch_run_id)
          }}
        >
          Log
        </button>
      </td>
    </tr>
  )
}
