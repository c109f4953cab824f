import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const sourceFolder = pathToFileURL(resolve(import.meta.dirname, '../../src')).href

/** How a child process ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Called with everything on stderr so far, whenever more arrives; the place to send signals from. */
  readonly onStderr?: (stderr: string, child: ChildProcess) => void
  /** Called as soon as the process runs. */
  readonly onStart?: (child: ChildProcess) => void
}

/** Runs JavaScript as a program of its own. `$src` in it stands for the source folder of core. */
export async function runProgram(code: string, options: RunOptions = {}): Promise<Ended> {
  const { args = [], env = {}, onStderr, onStart } = options
  const folder = mkdtempSync(join(tmpdir(), 'sigmasight-program-'))
  const file = join(folder, 'program.mjs')
  writeFileSync(file, code.replaceAll('$src', sourceFolder))
  try {
    const child = spawn(process.execPath, [file, ...args], { env: { ...process.env, ...env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      onStderr?.(stderr, child)
    })
    onStart?.(child)
    const ended = await new Promise<number | null>((settle, fail) => {
      child.once('error', fail)
      child.once('close', settle)
    })
    return { code: ended, stdout, stderr }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
