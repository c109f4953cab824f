import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { errorCode } from '../error-code.ts'

const run = promisify(execFile)

/**
 * Whether a process of this number lives. Another user's process counts as living; one that ended
 * and was not yet collected by its parent (in a container often: never) does not.
 */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
  return (await readProcStat(pid))?.state !== 'Z'
}

/**
 * Whether the process is a PostgreSQL server. After a restart of the machine a left-over number may
 * belong to any program. Where the system does not tell, a living process is taken for one.
 */
export async function isPostgresProcess(pid: number): Promise<boolean> {
  if (!(await isAlive(pid))) return false
  const name = (await readProcStat(pid))?.name ?? (await nameByPs(pid))
  return name === null || name.includes('postgres')
}

interface ProcStat {
  readonly name: string
  /** One letter: R, S, D, Z (ended, not collected), … */
  readonly state: string
}

/** What Linux tells of a process: `pid (name) state …`; null elsewhere. */
async function readProcStat(pid: number): Promise<ProcStat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  const [, name, state] = text?.match(/^\d+ \((.*)\) (\S)/s) ?? []
  return name === undefined || state === undefined ? null : { name, state }
}

async function nameByPs(pid: number): Promise<string | null> {
  if (process.platform === 'win32') return null
  const result = await run('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => null)
  return result === null ? null : result.stdout.trim()
}
