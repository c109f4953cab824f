import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTokens } from '@sigmasight/core/auth'
import { clockOf, loadConfig } from '@sigmasight/core/config'
import { peakRssMib } from './run-measured.ts'

/** The API in a process of its own, as it runs in production. */
export interface BenchServer extends AsyncDisposable {
  readonly url: string
  readonly pid: number | undefined
  /** From the start of the process until it answers at all, and until it is ready. */
  readonly listeningSeconds: number
  readonly readySeconds: number
  /** A token of a user. */
  tokenOf(userId: string): Promise<string>
  peakRssMib(): Promise<number | null>
}

const SCRIPT = resolve(import.meta.dirname, '../../../apps/api/src/main.ts')
const SECRET = 'a secret of benches, 32 bytes long or longer'
const POLL_MS = 10

export async function startServer(
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<BenchServer> {
  const started = performance.now()
  const own = { ENVIRONMENT: 'production', PORT: '0', JWT_SECRET: SECRET, ...env }
  const child = spawn(process.execPath, [SCRIPT], {
    env: own,
    signal,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((done) => child.once('close', done))
  const url = await new Promise<string>((found, fail) => {
    child.once('error', fail)
    child.once('close', (code) => {
      fail(new Error(`the API ended with ${String(code)}`))
    })
    // Read to the end, or the server would wait for somebody to take its log.
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { message, port } = JSON.parse(line) as { message: string; port?: number }
      if (message === 'listening') found(`http://127.0.0.1:${String(port)}`)
    })
  })
  await answers(`${url}/health/live`)
  const listeningSeconds = (performance.now() - started) / 1000
  await answers(`${url}/health/ready`)
  return {
    url,
    pid: child.pid,
    listeningSeconds,
    readySeconds: (performance.now() - started) / 1000,
    tokenOf: (userId) => createTokens(SECRET, clockOf(loadConfig(own))).issue(userId),
    peakRssMib: () => peakRssMib(child.pid),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function answers(url: string): Promise<void> {
  while (!(await fetch(url)).ok) await sleep(POLL_MS)
}
