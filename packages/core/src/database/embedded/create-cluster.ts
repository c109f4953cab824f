import { mkdir, readdir, rename, rm, writeFile, appendFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { DatabaseUnavailable } from '../../errors/index.ts'
import type { EmbeddedLayout } from './layout.ts'
import { runProgram, type ProgramContext, type ProgramRun } from './run-program.ts'
import { give, randomPassword } from './server-files.ts'

const INITDB_OPTIONS = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  // The same order and case rules on every machine, whatever locales it has.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-instructions',
]

/**
 * Makes the database cluster: `initdb`, then the role `sigmasight`, which may create databases, and
 * its database, all in a folder that gets its final name only when whole. Throws DatabaseUnavailable
 * with the programs' last words.
 */
export async function createCluster(
  layout: EmbeddedLayout,
  context: ProgramContext,
): Promise<void> {
  await removeLeftovers(layout)
  const staging = `${layout.cluster}.new-${process.pid}`
  await mkdir(staging, { mode: 0o700 })
  await give(staging, context.account)
  const password = randomPassword()
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(staging, name)
    await writeFile(path, text, { mode: 0o600 })
    await give(path, context.account)
    return path
  }
  const passwordFile = await write('password', password)
  const roles = await write(
    'roles.sql',
    `create role sigmasight login createdb password '${password}'\n` +
      'create database sigmasight owner sigmasight\n',
  )
  const data = join(staging, 'data')
  await must(context, {
    program: 'initdb',
    args: [...INITDB_OPTIONS, `--pwfile=${passwordFile}`, '-D', data],
  })
  await must(context, {
    program: 'postgres',
    args: ['--single', '-D', data, '-c', 'log_checkpoints=off', 'postgres'],
    inputFile: roles,
  })
  await rm(roles)
  await appendFile(join(data, 'postgresql.conf'), "\ninclude 'sigmasight.conf'\n")
  await rename(staging, layout.cluster)
}

async function must(context: ProgramContext, run: ProgramRun): Promise<void> {
  const { exitCode, logTail } = await runProgram(context, run)
  if (exitCode === 0) return
  throw new DatabaseUnavailable(
    `the embedded PostgreSQL could not be set up: ${run.program} ended with ${String(exitCode)}. ` +
      `See ${context.logFile}, or set DATABASE_URL to use another server\n${logTail}`,
  )
}

/** Removes what an interrupted set-up left behind; the caller holds the start lock. */
async function removeLeftovers(layout: EmbeddedLayout): Promise<void> {
  const prefix = `${basename(layout.cluster)}.new-`
  for (const name of await readdir(layout.home)) {
    if (name.startsWith(prefix)) await rm(join(layout.home, name), { recursive: true })
  }
}
