import { runApp } from '../programs/run-app.ts'

export interface ProgramRun {
  readonly url: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/**
 * Runs one of the programs on the demo's database and market.
 *
 * @returns its exit code
 */
export function runProgram(
  name: Parameters<typeof runApp>[0],
  { url, env, signal }: ProgramRun,
): Promise<number> {
  return runApp(name, {
    args: [],
    signal,
    env: {
      ...env,
      DATABASE_URL: url,
      PRICE_PROVIDERS: 'synthetic',
      OPTION_PRICE_PROVIDERS: 'synthetic',
      BATCH_V2_ENABLED: 'true',
    },
  })
}
