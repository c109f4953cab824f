import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { planCatchUp } from '@sigmasight/core/batch'
import { effectiveDate, sessionIndex, type SessionDate } from '@sigmasight/core/calendar'
import {
  ExitCode,
  formatDuration,
  parsePositiveInteger,
  type CliContext,
} from '@sigmasight/core/cli'
import { clockOf, loadConfig, type Config } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect } from '@sigmasight/core/database'
import { runApp, type NightlyApp } from '../programs/run-app.ts'
import type { OpsCommand } from './ops-command.ts'

/** One start of a program. */
interface Step {
  readonly app: NightlyApp
  readonly what: string
  readonly args: readonly string[]
}

export const command: OpsCommand = {
  usage: 'catch-up',
  description: 'Run the nightly programs for every session that is missing, in slices.',
  configure(command) {
    command.option('--chunk-days <n>', 'days of a slice', parsePositiveInteger, 30)
  },
  async run(command, context) {
    const { chunkDays } = command.opts<{ chunkDays: number }>()
    const config = loadConfig(context.env)
    const effective = effectiveDate(clockOf(config).now(), config.marketSettleMinutes)
    const slices = await findSlices(config, { effective, chunkDays })
    context.stdout.write(headline(slices))
    // As many sessions as the calendar has had: whatever is missing.
    const limit = String(sessionIndex(effective) + 1)
    const whole = ['--max-catchup', limit, '--chunk-days', String(chunkDays)]
    const steps = config.batchV2Enabled ? stepsOf(slices, whole) : [legacyStep(whole)]
    for (const [i, step] of steps.entries()) {
      context.stdout.write(`[${i + 1}/${steps.length}] ${step.app}, ${step.what}\n`)
      const code = await take(step, context)
      if (code !== ExitCode.done) return code
    }
    return ExitCode.done
  },
}

async function findSlices(
  config: Config,
  plan: { readonly effective: SessionDate; readonly chunkDays: number },
) {
  await using database = await connect(config, { applicationName: 'ops-catch-up' })
  await assertSchemaCurrent(database.db)
  return await planCatchUp(database.db, plan)
}

function headline(slices: readonly (readonly SessionDate[])[]): string {
  const dates = slices.flat()
  const [first = 'none'] = dates
  const span = dates.length === 0 ? '' : `, ${first} to ${dates.at(-1) ?? first}`
  return `${inWords(dates.length)} without a completed symbol batch${span}\n`
}

/**
 * Symbols slice by slice, so that the first slice that fails ends it. Portfolios in one run: each has its
 * own sessions, and one that begins today must not begin with a slice of long ago.
 */
function stepsOf(
  slices: readonly (readonly SessionDate[])[],
  whole: readonly string[],
): readonly Step[] {
  const symbols = slices.flatMap((slice): Step[] => {
    const [start] = slice
    const end = slice.at(-1)
    if (start === undefined || end === undefined) return []
    const what = `${start} to ${end}: ${inWords(slice.length)}`
    return [{ app: 'symbol-batch', what, args: ['--start-date', start, '--end-date', end] }]
  })
  return [
    ...symbols,
    { app: 'portfolio-refresh', what: 'whatever each portfolio lacks', args: whole },
  ]
}

/** The combined batch works through its layers one after the other by itself. */
function legacyStep(whole: readonly string[]): Step {
  return { app: 'symbol-batch', what: 'symbols and portfolios in one (legacy)', args: whole }
}

/** Runs a step and says how it went. A run that was not its turn has caught nothing up. */
async function take({ app, args }: Step, context: CliContext): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'catch-up-'))
  const file = join(folder, 'summary.json')
  try {
    const code = await runApp(app, { ...context, args: [...args, '--summary-json', file] })
    const summary = await readSummary(file)
    context.stdout.write(`      ${outcome(summary, code)}\n`)
    return code === ExitCode.done && summary?.status === 'skipped' ? ExitCode.aborted : code
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Summary {
  readonly status: string
  readonly reason?: string
  readonly dates: readonly unknown[]
  readonly total_duration_seconds: number
}

/** Null when the program ended before it had a result. */
async function readSummary(file: string): Promise<Summary | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Summary
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
    return null
  }
}

function outcome(summary: Summary | null, code: number): string {
  if (summary === null) return `no result, exit code ${code}`
  const { status, reason, dates, total_duration_seconds: seconds } = summary
  const because = reason === undefined ? '' : ` (${reason})`
  return `${status}${because}: ${inWords(dates.length)} in ${formatDuration(seconds * 1000)}`
}

function inWords(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`
}
