import { readFile } from 'node:fs/promises'
import { runStatement, type Database } from '@sigmasight/core/database'

/** The kernel's clock of processes, in ticks a second: 100 on every Linux of today. */
const TICKS_PER_SECOND = 100

/** CPU seconds a process has used so far; null where the system does not tell. */
export async function cpuSeconds(pid: number | undefined): Promise<number | null> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null)
  if (text === null) return null
  // The name in brackets may hold anything; the state, field 3, follows it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/**
 * CPU seconds the open connections to a database have used so far; null where the server is not of this
 * machine. Other databases of the server do not count, nor do connections that are closed.
 */
export async function databaseCpuSeconds(database: Database): Promise<number | null> {
  const { rows } = await runStatement(
    database,
    `select pid from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend'`,
  )
  const backends = rows as readonly { readonly pid: number }[]
  const times = await Promise.all(backends.map(({ pid }) => cpuSeconds(pid)))
  return times.every((seconds) => seconds !== null)
    ? times.reduce((sum, seconds) => sum + seconds, 0)
    : null
}
