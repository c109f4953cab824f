import { Command, CommanderError } from 'commander'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ExitCode, formatTable, runCli } from '@sigmasight/core/cli'
import { UsageError } from '@sigmasight/core/errors'
import { benchApiOnboarding } from './api-onboarding.ts'
import { benchApiRead } from './api-read.ts'
import type { BenchFigure } from './bench-figure.ts'
import { benchHistoryGrowth } from './history-growth.ts'
import { benchHttpBatch, benchHttpIncrement } from './http-batch.ts'
import { benchKernel } from './kernel.ts'
import { benchPortfolioRefresh } from './portfolio-refresh.ts'
import { machineFacts } from './machine-facts.ts'
import { benchScopedRun } from './scoped-run.ts'
import { benchBackfill, benchColdBatch, benchDailyIncrement } from './symbol-batch.ts'

const CASES: Readonly<Record<string, (signal: AbortSignal) => Promise<readonly BenchFigure[]>>> = {
  kernel: () => Promise.resolve([benchKernel()]),
  'batch-500-cold': (signal) => benchColdBatch(500, signal),
  'batch-500-http': (signal) => benchHttpBatch(500, signal),
  'batch-5000-http': (signal) => benchHttpIncrement(5000, signal),
  'batch-5000-daily': (signal) => benchDailyIncrement(5000, signal),
  'refresh-150': (signal) => benchPortfolioRefresh(150, signal),
  'refresh-1000': (signal) => benchPortfolioRefresh(1000, signal),
  'refresh-10000': (signal) => benchPortfolioRefresh(10_000, signal),
  'history-growth': benchHistoryGrowth,
  'scoped-run': (signal) => benchScopedRun(5000, signal),
  'api-read': benchApiRead,
  'api-onboarding': benchApiOnboarding,
  'backfill-1193x130': (signal) => benchBackfill(1193, 130, signal),
}

await runCli('bench', async ({ argv, signal, stdout, stderr }) => {
  const command = new Command('bench')
    .description('Measure speed and memory; fixed seeds, real PostgreSQL.')
    .argument('[cases...]', `of ${Object.keys(CASES).join(', ')} (default: all)`)
    .option('--json <file>', 'write figures and machine facts to a file')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: () => undefined })
  try {
    command.parse([...argv], { from: 'user' })
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return ExitCode.done
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown))
  }
  const names = command.args.length > 0 ? command.args : Object.keys(CASES)
  const figures: BenchFigure[] = []
  for (const name of names) {
    const run = CASES[name]
    if (run === undefined)
      throw new UsageError(`no case ${name}: there are ${Object.keys(CASES).join(', ')}`)
    stderr.write(`${name} ...\n`)
    figures.push(...(await run(signal)))
  }
  stdout.write(
    formatTable(
      figures.map(({ name, seconds, details }) => ({
        case: name,
        seconds: seconds.toFixed(3),
        details,
      })),
    ),
  )
  const { json } = command.opts<{ json?: string }>()
  if (json !== undefined) {
    await mkdir(dirname(json), { recursive: true })
    await writeFile(json, `${JSON.stringify({ machine: machineFacts(), figures }, null, 2)}\n`)
  }
  return ExitCode.done
})
