import { once } from 'node:events'
import { ExitCode, type CliContext } from '@sigmasight/core/cli'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import { createLogger } from '@sigmasight/core/logging'
import { openPages } from '@sigmasight/pages'
import { App } from './app.ts'

/** Serves until the program is asked to stop. */
export async function runProgram({ env, signal }: CliContext): Promise<number> {
  const config = loadConfig(env)
  await using log = await createLogger({
    environment: config.environment,
    level: config.logLevel,
    file: config.logFile,
    destination: 'stdout',
  })
  const pages = await openPages()
  const app = new App({ config, env, clock: clockOf(config), log, pages })
  await app.start()
  if (!signal.aborted) await once(signal, 'abort')
  await app.stop()
  return ExitCode.done
}
