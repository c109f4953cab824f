import { resolve } from 'node:path'
import { ExitCode } from '@sigmasight/core/cli'
import { runInForeground } from '../programs/run-in-foreground.ts'
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
export async function runStory(
  { file, environment, seedVariable }: SoakStory,
  { seed, env, signal }: StoryRun,
): Promise<boolean> {
  const seeds = seedVariable === null ? {} : { [seedVariable]: String(seed) }
  const code = await runInForeground(process.execPath, {
    args: [...JEST, file, `--testTimeout=${TEST_TIMEOUT_MS}`],
    cwd: ROOT,
    env: { ...env, ...environment, ...seeds },
    signal,
  })
  return code === ExitCode.done
}

/** The line that repeats a story as it ran. */
export function repetition({ name, seedVariable }: SoakStory, seed: number): string {
  return `pnpm soak --only ${name}${seedVariable === null ? '' : ` --seed ${seed}`}`
}
