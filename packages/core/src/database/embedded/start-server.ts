import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseUnavailable } from '../../errors/index.ts'
import type { EmbeddedLayout } from './layout.ts'
import { isPostgresProcess, readPostmasterFile } from './postmaster-file.ts'
import { runProgram, type ProgramContext } from './run-program.ts'
import { chooseAddress } from './server-address.ts'
import { give } from './server-files.ts'
import { settingsFile } from './server-settings.ts'

const START_SECONDS = 120
const ATTEMPTS = 20
const BETWEEN_ATTEMPTS_MS = 500

/** Starts the server as a daemon and waits until it accepts connections. Throws DatabaseUnavailable. */
export async function startServer(layout: EmbeddedLayout, context: ProgramContext): Promise<void> {
  await removeForeignPidFile(layout.data)
  const settings = join(layout.data, 'sigmasight.conf')
  await writeFile(settings, settingsFile(await chooseAddress(layout.socketDir)), { mode: 0o600 })
  await give(settings, context.account)
  for (let attempt = 1; ; attempt++) {
    const { exitCode, logTail } = await runProgram(context, {
      program: 'pg_ctl',
      args: ['start', '-D', layout.data, '-l', layout.logFile, '-w', '-t', String(START_SECONDS)],
    })
    if (exitCode === 0) return
    // Sessions of a killed server live on for a moment and hold its shared memory.
    if (attempt < ATTEMPTS && /shared memory block/.test(logTail)) {
      await sleep(BETWEEN_ATTEMPTS_MS)
      continue
    }
    throw new DatabaseUnavailable(
      `the embedded PostgreSQL in ${layout.home} did not start. See ${layout.logFile}, ` +
        `or set DATABASE_URL to use another server\n${logTail}`,
    )
  }
}

/**
 * After a restart of the machine the number in `postmaster.pid` may belong to another program of
 * the same user, and PostgreSQL then refuses to start.
 */
async function removeForeignPidFile(data: string): Promise<void> {
  const file = await readPostmasterFile(data)
  if (file === null || (await isPostgresProcess(file.pid))) return
  await rm(join(data, 'postmaster.pid'), { force: true })
}
