import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { errorCode } from '../error-code.ts'
import type { ServerAddress } from './server-address.ts'

/** What a server writes about itself into `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number
  readonly address: ServerAddress
  /** `starting`, `stopping`, `ready` or `standby`. */
  readonly state: string
}

/** Reads a data folder's `postmaster.pid`; null when there is none or it is not yet whole. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => null)
  if (text === null) return null
  const [pid, , , port, socketDir, listenAddress, , state] = text.split('\n')
  if (pid === undefined || port === undefined || state === undefined) return null
  const host = socketDir === undefined || socketDir === '' ? listenAddress : socketDir
  return { pid: Number(pid), address: { host: host ?? '', port: Number(port) }, state: state.trim() }
}

/** Whether a process of this number lives. Another user's process counts as living. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

const run = promisify(execFile)

/**
 * Whether the process is a PostgreSQL server. After a restart of the machine a left-over number may
 * belong to any program. Where the system does not tell, a living process is taken for one.
 */
export async function isPostgresProcess(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  const name = await commandOf(pid)
  return name === null || name.includes('postgres')
}

async function commandOf(pid: number): Promise<string | null> {
  if (process.platform === 'win32') return null
  const fromProc = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => null)
  if (fromProc !== null) return fromProc.trim()
  const fromPs = await run('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => null)
  return fromPs === null ? null : fromPs.stdout.trim()
}
