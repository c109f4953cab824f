import { existsSync } from 'node:fs'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseUnavailable } from '../../errors/index.ts'
import { findBinaries, shareBinaries } from './binaries.ts'
import { createCluster } from './create-cluster.ts'
import { defaultDataRoot, embeddedLayout, isRootUser, type EmbeddedLayout } from './layout.ts'
import { isPostgresProcess } from './living-process.ts'
import { hasLostSocket, readPostmasterFile, type PostmasterFile } from './postmaster-file.ts'
import { runProgram, type ProgramContext } from './run-program.ts'
import { ensureServerAccount } from './server-account.ts'
import { answers, connectionUrl } from './server-address.ts'
import { ensurePrivateFolder, give } from './server-files.ts'
import { startServer } from './start-server.ts'
import { withStartLock } from './start-lock.ts'

export interface EmbeddedOptions {
  /** Folder of the server's files; by default `.sigmasight/postgres` of the checkout. */
  readonly dataRoot?: string
  /** Told in a sentence when something takes time. */
  readonly log?: (message: string) => void
}

export type EmbeddedStatus =
  | { readonly state: 'running'; readonly url: string; readonly pid: number }
  | { readonly state: 'stopped' | 'absent' }

const LOG_LIMIT_BYTES = 10_000_000
const POLL_MS = 50
const CHANGE_LIMIT_MS = 120_000

/**
 * The embedded PostgreSQL of this checkout: set up when there is none, started when it does not run,
 * and reused (in milliseconds) when it does. It is a daemon that outlives this process, so that
 * programs and test runs share it. Any number of processes may call this at once.
 *
 * @returns the URL of the database `sigmasight`, for a role that may create further databases
 * @throws DatabaseUnavailable saying what failed, where, and what to do
 */
export async function startEmbeddedPostgres(
  options: EmbeddedOptions = {},
): Promise<{ readonly url: string }> {
  const layout = layoutOf(options)
  const running = await findRunning(layout)
  if (running !== null) return { url: await urlOf(layout, running) }
  const account = isRootUser() ? await ensureServerAccount() : null
  await ensurePrivateFolder(layout.home, account)
  return withStartLock(layout.lockFile, async () => {
    const settled = await waitUntilSettled(layout)
    if (settled !== null) return { url: await urlOf(layout, settled) }
    const context = await prepareContext(layout)
    await ensurePrivateFolder(layout.socketDir, account)
    if (!existsSync(layout.cluster)) {
      options.log?.(`Setting up PostgreSQL in ${layout.home}`)
      await createCluster(layout, context)
    }
    options.log?.('Starting PostgreSQL')
    await startServer(layout, context)
    const started = await findRunning(layout)
    if (started === null) {
      throw new DatabaseUnavailable(
        `the embedded PostgreSQL started and ended at once. See ${layout.logFile}`,
      )
    }
    return { url: await urlOf(layout, started) }
  })
}

/** Stops the server; open sessions are ended, their transactions rolled back. Nothing to do when it does not run. */
export async function stopEmbeddedPostgres(options: EmbeddedOptions = {}): Promise<void> {
  const layout = layoutOf(options)
  if (!existsSync(layout.home)) return
  await withStartLock(layout.lockFile, async () => {
    if ((await waitUntilSettled(layout)) === null) return
    const { exitCode, logTail } = await runProgram(await prepareContext(layout), {
      program: 'pg_ctl',
      args: ['stop', '-D', layout.data, '-m', 'fast', '-w'],
    })
    if (exitCode !== 0) {
      throw new DatabaseUnavailable(`PostgreSQL in ${layout.home} did not stop\n${logTail}`)
    }
  })
}

/** Whether there is an embedded server for this checkout, and whether it runs. */
export async function embeddedPostgresStatus(
  options: EmbeddedOptions = {},
): Promise<EmbeddedStatus> {
  const layout = layoutOf(options)
  const running = await findRunning(layout)
  if (running !== null) {
    return { state: 'running', url: await urlOf(layout, running), pid: running.pid }
  }
  return { state: existsSync(layout.cluster) ? 'stopped' : 'absent' }
}

function layoutOf(options: EmbeddedOptions): EmbeddedLayout {
  return embeddedLayout(options.dataRoot ?? defaultDataRoot, isRootUser())
}

async function urlOf(layout: EmbeddedLayout, server: PostmasterFile): Promise<string> {
  const password = await readFile(layout.passwordFile, 'utf8')
  return connectionUrl(server.address, password, 'sigmasight')
}

async function findRunning(layout: EmbeddedLayout): Promise<PostmasterFile | null> {
  const file = await readPostmasterFile(layout.data)
  return file?.state === 'ready' && (await answers(file.address)) ? file : null
}

/** Waits for a server that is starting, stopping or too busy to answer; null when none can be reached. */
async function waitUntilSettled(layout: EmbeddedLayout): Promise<PostmasterFile | null> {
  for (let waited = 0; waited < CHANGE_LIMIT_MS; waited += POLL_MS) {
    const running = await findRunning(layout)
    if (running !== null) return running
    const file = await readPostmasterFile(layout.data)
    if (file === null || !(await isPostgresProcess(file.pid)) || hasLostSocket(file)) return null
    await sleep(POLL_MS)
  }
  throw new DatabaseUnavailable(
    `the embedded PostgreSQL in ${layout.home} has neither started nor stopped within ` +
      `${CHANGE_LIMIT_MS / 1000} s. See ${layout.logFile}`,
  )
}

/** Programs that can be run, the account they run as, and a log file both may write. */
async function prepareContext(layout: EmbeddedLayout): Promise<ProgramContext> {
  const account = isRootUser() ? await ensureServerAccount() : null
  const found = await findBinaries()
  const binaries = account === null ? found : await shareBinaries(found)
  const stats = await stat(layout.logFile).catch(() => null)
  if (stats !== null && stats.size > LOG_LIMIT_BYTES) {
    await rm(`${layout.logFile}.1`, { force: true })
    await rename(layout.logFile, `${layout.logFile}.1`)
  }
  await writeFile(layout.logFile, '', { flag: 'a', mode: 0o600 })
  await give(layout.logFile, account)
  return { binaries, account, logFile: layout.logFile }
}
