import { spawn } from 'node:child_process'
import { open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { ServerAccount } from './server-account.ts'

/** How PostgreSQL's own programs are run: which ones, as whom, and where they write. */
export interface ProgramContext {
  readonly binaries: Binaries
  /** null = as this user. */
  readonly account: ServerAccount | null
  readonly logFile: string
}

export interface ProgramRun {
  readonly program: 'initdb' | 'pg_ctl' | 'postgres'
  readonly args: readonly string[]
  /** A file to read the standard input from. */
  readonly inputFile?: string
}

export interface ProgramEnd {
  readonly exitCode: number | null
  /** The last lines the program (and a server it started) wrote. */
  readonly logTail: string
}

const TAIL_LINES = 15

/**
 * Runs a program to its end. Its output goes to the log file and never through a pipe: a daemon
 * that inherits one keeps it open, and whoever reads this process's output would wait forever. It
 * runs in a session of its own, so that Ctrl-C reaches this process alone.
 */
export async function runProgram(context: ProgramContext, run: ProgramRun): Promise<ProgramEnd> {
  const { binaries, account, logFile } = context
  await using log = await open(logFile, 'a')
  const { size: start } = await log.stat()
  await using input = run.inputFile === undefined ? null : await open(run.inputFile, 'r')
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const child = spawn(join(binaries.folder, 'bin', run.program + suffix), run.args, {
    cwd: binaries.folder,
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: [input === null ? 'ignore' : input.fd, log.fd, log.fd],
    ...(account === null ? {} : account),
  })
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  return { exitCode, logTail: await tailOf(logFile, start) }
}

async function tailOf(logFile: string, start: number): Promise<string> {
  const { size } = await stat(logFile)
  const text = (await readFile(logFile)).subarray(Math.min(start, size)).toString()
  return text.trim().split('\n').slice(-TAIL_LINES).join('\n')
}
