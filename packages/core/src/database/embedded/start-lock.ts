import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseUnavailable } from '../../errors/index.ts'
import { errorCode } from '../error-code.ts'
import { isAlive } from './living-process.ts'

const POLL_MS = 25
const LIMIT_MS = 120_000

/**
 * Runs `action` while no other process on this machine runs one under the same lock file. The file
 * names its holder; a dead holder's lock is taken over. (Should two processes take over the same
 * dead lock in the same moment, PostgreSQL's own lock on the data folder decides between them: this
 * one saves work, it does not protect data.)
 */
export async function withStartLock<T>(lockFile: string, action: () => Promise<T>): Promise<T> {
  await acquire(lockFile)
  try {
    return await action()
  } finally {
    await rm(lockFile, { force: true })
  }
}

async function acquire(lockFile: string): Promise<void> {
  const claim = `${lockFile}.${randomUUID()}`
  await writeFile(claim, String(process.pid))
  try {
    for (let waited = 0; waited < LIMIT_MS; waited += POLL_MS) {
      if (await tryLink(claim, lockFile)) return
      const holder = Number(await readFile(lockFile, 'utf8').catch(() => NaN))
      if (Number.isInteger(holder) && !(await isAlive(holder))) await rm(lockFile, { force: true })
      else await sleep(POLL_MS)
    }
  } finally {
    await rm(claim, { force: true })
  }
  throw new DatabaseUnavailable(
    `another process has been starting the embedded PostgreSQL for ${LIMIT_MS / 1000} s. ` +
      `If none does, remove ${lockFile}`,
  )
}

/** A link appears with its content in one step, unlike a file that is created and then written. */
async function tryLink(claim: string, lockFile: string): Promise<boolean> {
  try {
    await link(claim, lockFile)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}
