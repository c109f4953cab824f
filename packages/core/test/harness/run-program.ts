import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'

export const repositoryRoot = resolve(import.meta.dirname, '../../../..')

export interface EndedProgram {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface StartedProgram {
  readonly process: ChildProcess
  readonly ended: Promise<EndedProgram>
}

/** Starts a program of this repository with nothing in its environment but what is given (and PATH, HOME). */
export function startProgram(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): StartedProgram {
  const child = spawn(process.execPath, [resolve(repositoryRoot, script), ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<EndedProgram>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => {
      done({ code, signal, stdout, stderr })
    })
  })
  return { process: child, ended }
}

/** Runs a program to its end. */
export function runProgram(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<EndedProgram> {
  return startProgram(script, args, env).ended
}

export interface ToldToStop extends EndedProgram {
  /** Milliseconds from the signal to the end; null = it was through before the signal reached it. */
  readonly stoppedInMs: number | null
}

/** Sends SIGTERM to a program so many milliseconds after its start, and waits for its end. */
export async function stopAfter(
  { process: child, ended }: StartedProgram,
  milliseconds: number,
): Promise<ToldToStop> {
  const told: { at: number | null } = { at: null }
  const timer = setTimeout(() => {
    told.at = performance.now()
    child.kill('SIGTERM')
  }, milliseconds)
  const end = await ended
  clearTimeout(timer)
  // A process that has ended can be signalled until its parent hears of its end: such a signal reaches nobody.
  const isReached = end.signal !== null || end.stderr.includes('SIGTERM')
  return {
    ...end,
    stoppedInMs: told.at !== null && isReached ? performance.now() - told.at : null,
  }
}
