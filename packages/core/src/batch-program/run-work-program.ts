import { setTimeout as sleep } from 'node:timers/promises'
import { PanelMemory, performUnit, type UnitEnvironment } from '../batch/index.ts'
import { ExitCode, type CliContext, type WorkArgs } from '../cli/index.ts'
import { loadConfig } from '../config/index.ts'
import { assertSchemaCurrent, connect, lockUrlOf } from '../database/index.ts'
import { createLogger } from '../logging/index.ts'
import { RunOver, serveQueue, unitName, type UnitKind, type WorkUnit } from '../work-units/index.ts'

/**
 * Does chunks for runs with `--distributed` until the process is told to stop.
 *
 * @param kind whose chunks; also the name of the program
 * @returns the exit code
 */
export async function runWorkProgram(
  kind: UnitKind,
  args: WorkArgs,
  { env, signal }: CliContext,
): Promise<number> {
  const config = loadConfig(env)
  await using log = await createLogger({
    environment: config.environment,
    level: config.logLevel,
    file: args.logFile ?? config.logFile,
    json: args.logJson,
    quiet: args.quiet,
    destination: 'stdout',
  })
  await using database = await connect(config, { applicationName: `${kind}-work` })
  await assertSchemaCurrent(database.db)
  const own = { database, log: log.child({ module: 'work' }), sleep, panels: new PanelMemory() }
  await serveQueue({
    kind,
    url: await lockUrlOf(config),
    log: own.log,
    signal,
    perform: (unit, taken) => performOrLeave({ ...own, signal: taken }, unit),
  })
  return ExitCode.done
}

/** A unit whose run is over has come to nothing; trying it again would not help. */
async function performOrLeave(environment: UnitEnvironment, unit: WorkUnit): Promise<object> {
  try {
    return await performUnit(environment, unit)
  } catch (thrown) {
    if (!(thrown instanceof RunOver)) throw thrown
    environment.log.warn({ unit: unitName(unit) }, 'run_over')
    return { run_over: true }
  }
}
