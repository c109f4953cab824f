import { selectLastRuns } from '@sigmasight/core/batch'
import { ExitCode, formatDuration, formatTable, parsePositiveInteger } from '@sigmasight/core/cli'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import { connect } from '@sigmasight/core/database'
import type { OpsCommand } from './ops-command.ts'

export const command: OpsCommand = {
  usage: 'last-runs',
  description: 'List the batch runs of the last days, newest first.',
  configure(command) {
    command
      .option('--days <n>', 'how many days back', parsePositiveInteger, 3)
      .option('--json', 'print JSON', false)
  },
  async run(command, { env, stdout }) {
    const { days, json } = command.opts<{ days: number; json: boolean }>()
    const config = loadConfig(env)
    await using database = await connect(config, { applicationName: 'ops-last-runs' })
    const since = clockOf(config).now().minus({ days }).toJSDate()
    const runs = await selectLastRuns(database.db, since)
    if (json) stdout.write(`${JSON.stringify(runs)}\n`)
    else if (runs.length === 0) stdout.write(`No run in the last ${days} days.\n`)
    else stdout.write(formatTable(runs.map(row)))
    return ExitCode.done
  },
}

type PastRun = Awaited<ReturnType<typeof selectLastRuns>>[number]

function row(run: PastRun) {
  const { started_at, completed_at } = run
  const took = completed_at === null ? null : completed_at.getTime() - started_at.getTime()
  return {
    run: run.batch_run_id,
    job: run.job_type,
    source: run.source,
    status: run.status,
    reason: reasonOf(run),
    target: run.target_date ?? '-',
    started: started_at.toISOString(),
    took: took === null ? '-' : formatDuration(took),
    done: run.completed_jobs,
    failed: run.failed_jobs,
  }
}

function reasonOf({ error_summary }: PastRun): string {
  const { reason } = (error_summary ?? {}) as { readonly reason?: string | null }
  return reason ?? '-'
}
