import type { BatchArgs } from '../cli/index.ts'
import type { Config } from '../config/index.ts'
import { lockUrlOf, type Database } from '../database/index.ts'
import type { Logger } from '../logging/index.ts'
import {
  createQueueExecutor,
  createThreadExecutor,
  type UnitExecutor,
} from '../work-units/index.ts'
import type { WorkThreadData } from './work-thread.ts'

export interface ExecutorSource {
  readonly name: string
  readonly config: Config
  readonly database: Database
  readonly log: Logger
}

/**
 * Who does the chunks of a run: threads for `--workers`, whoever runs `work` for `--distributed`, null for
 * the program itself.
 */
export async function createExecutor(
  { distributed, workers }: Pick<BatchArgs, 'distributed' | 'workers'>,
  { name, config, database, log }: ExecutorSource,
): Promise<(UnitExecutor & AsyncDisposable) | null> {
  const url = await lockUrlOf(config)
  if (distributed) return createQueueExecutor({ database, url, log })
  if (workers === undefined) return null
  const data: WorkThreadData = {
    url: config.databaseUrl ?? url,
    applicationName: `${name}-thread`,
    poolMax: config.portfolioRefreshConcurrency + 1,
  }
  const entry = new URL('./work-thread.ts', import.meta.url)
  return createThreadExecutor({ workers, entry, data, log })
}
