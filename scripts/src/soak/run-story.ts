import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { SoakStory } from './stories.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
/** As `pnpm test` starts it. */
const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
]
/** A long form takes what it takes; tests that set a limit of their own keep it. */
const TEST_TIMEOUT_MS = 4 * 3_600_000

export interface StoryRun {
  readonly seed: number
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/** Runs the long form of a story with this program's streams; whether all of it held. */
export function runStory(
  { file, environment, seedVariable }: SoakStory,
  { seed, env, signal }: StoryRun,
): Promise<boolean> {
  const seeds = seedVariable === null ? {} : { [seedVariable]: String(seed) }
  const args = [...JEST, file, `--testTimeout=${TEST_TIMEOUT_MS}`]
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...env, ...environment, ...seeds },
    stdio: 'inherit',
  })
  const forward = () => child.kill('SIGTERM')
  signal.addEventListener('abort', forward, { once: true })
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => {
      signal.removeEventListener('abort', forward)
      done(code === 0)
    })
  })
}

/** The line that repeats a story as it ran. */
export function repetition({ name, seedVariable }: SoakStory, seed: number): string {
  return `pnpm soak --only ${name}${seedVariable === null ? '' : ` --seed ${seed}`}`
}
