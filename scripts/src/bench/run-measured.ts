import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { RunResult } from '@sigmasight/core/batch'

const ROOT = resolve(import.meta.dirname, '../../..')

/** A program's run as seen from outside. */
export interface Measured {
  /** Wall time of the whole process, its start included. */
  readonly seconds: number
  /** Largest resident memory seen; null where the system does not tell. */
  readonly peakRssMib: number | null
  readonly result: RunResult
}

export interface MeasuredOptions {
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const SAMPLE_MS = 50

/** Runs a program that prints its result object, with wall time and peak memory. */
export async function runMeasured(
  script: string,
  args: readonly string[],
  { env, signal }: MeasuredOptions,
): Promise<Measured> {
  const started = performance.now()
  const child = spawn(process.execPath, [resolve(ROOT, script), ...args], {
    env,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let peak: number | null = null
  const sampler = setInterval(() => {
    void peakRssMib(child.pid).then((mib) => (peak = mib ?? peak))
  }, SAMPLE_MS)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('close', done)
  }).finally(() => {
    clearInterval(sampler)
  })
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`${script} ended with ${String(code)}\n${stderr.slice(-2000)}`)
  return { seconds, peakRssMib: peak, result: JSON.parse(stdout) as RunResult }
}

/** The kernel's own high-water mark, which no sampling misses; Linux only. */
export async function peakRssMib(pid: number | undefined): Promise<number | null> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '')
  const kib = /VmHWM:\s+(\d+) kB/.exec(status)?.[1]
  return kib === undefined ? null : Math.round(Number(kib) / 1024)
}
