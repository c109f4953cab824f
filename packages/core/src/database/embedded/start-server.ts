import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseUnavailable } from '../../errors/index.ts'
import type { EmbeddedLayout } from './layout.ts'
import { isPostgresProcess } from './living-process.ts'
import { hasLostSocket, readPostmasterFile } from './postmaster-file.ts'
import { runProgram, type ProgramContext } from './run-program.ts'
import { chooseAddress, SOCKET_PORT } from './server-address.ts'
import { give } from './server-files.ts'
import { settingsFile } from './server-settings.ts'

const START_SECONDS = 120
const ATTEMPTS = 20
const BETWEEN_ATTEMPTS_MS = 500

/** Starts the server as a daemon and waits until it accepts connections. Throws DatabaseUnavailable. */
export async function startServer(layout: EmbeddedLayout, context: ProgramContext): Promise<void> {
  await endUnreachableServer(layout, context)
  await removeStaleLocks(layout)
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

/** A clean-up of temporary files may take the socket of a running server, which then nobody can reach. */
async function endUnreachableServer(
  layout: EmbeddedLayout,
  context: ProgramContext,
): Promise<void> {
  const file = await readPostmasterFile(layout.data)
  if (file === null || !hasLostSocket(file) || !(await isPostgresProcess(file.pid))) return
  await runProgram(context, {
    program: 'pg_ctl',
    args: ['stop', '-D', layout.data, '-m', 'fast', '-w'],
  })
}

/**
 * Removes the locks of a server that is gone. PostgreSQL sees to most cases itself, but refuses to
 * start while the number in a lock belongs to any process of the same account: after a restart of
 * the machine to some other program, in a container to the killed server that nobody collects.
 */
async function removeStaleLocks(layout: EmbeddedLayout): Promise<void> {
  const locks = [
    join(layout.data, 'postmaster.pid'),
    join(layout.socketDir, `.s.PGSQL.${SOCKET_PORT}.lock`),
  ]
  for (const lock of locks) {
    const pid = parseInt(await readFile(lock, 'utf8').catch(() => ''), 10)
    if (!Number.isNaN(pid) && !(await isPostgresProcess(pid))) await rm(lock)
  }
}
