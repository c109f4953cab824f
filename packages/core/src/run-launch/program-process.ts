import { spawn } from 'node:child_process'
import type { BatchProgramName } from './launch-request.ts'

/** How a program ended; its result object is alone on stdout. */
export interface EndedProgram {
  /** Null when a signal ended it, or it could not be started. */
  readonly code: number | null
  readonly stdout: string
}

/** A program at work in a process of its own. */
export interface StartedProgram {
  /** Never rejects. */
  readonly ended: Promise<EndedProgram>
  /** Asks it to stop after its unit of work. */
  stop(): void
}

/** Starts a batch program with a command line. */
export type StartProgram = (program: BatchProgramName, args: readonly string[]) => StartedProgram

/** More than any result object: one of 10,000 failed items has about 2 MB. */
const STDOUT_LIMIT = 32 * 1024 * 1024

/**
 * Batch programs as child processes of this one. Their logs go where this process's errors go.
 *
 * @param options.scripts the file of each program
 * @param options.env the whole environment of the programs
 */
export function childProcesses(options: {
  readonly scripts: Readonly<Record<BatchProgramName, string>>
  readonly env: NodeJS.ProcessEnv
}): StartProgram {
  return (program, args) => {
    const child = spawn(process.execPath, [options.scripts[program], ...args], {
      env: options.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length + text.length <= STDOUT_LIMIT) stdout += text
    })
    const ended = new Promise<EndedProgram>((resolve) => {
      child.once('error', () => {
        resolve({ code: null, stdout })
      })
      child.once('close', (code) => {
        resolve({ code, stdout })
      })
    })
    return { ended, stop: () => void child.kill('SIGTERM') }
  }
}
