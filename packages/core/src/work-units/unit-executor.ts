import type { Logger } from '../logging/index.ts'
import type { UnitEnd, WorkUnit } from './work-unit.ts'

export interface UnitRun {
  readonly log: Logger
  /** Aborts when the run is to stop. */
  readonly signal: AbortSignal
  /** Told how many of the units have ended. */
  readonly progress: (ended: number) => void
}

/** Has units of work done by others and waits for them. */
export interface UnitExecutor {
  /** How many can be under way at once; null = nobody knows. */
  readonly workers: number | null
  /**
   * Has all units done, side by side; answers in their order. A unit that fails each time it is tried is
   * answered as such, not thrown.
   *
   * @throws the reason of the abort, once no unit is under way any more that this process could stop
   */
  run(units: readonly WorkUnit[], run: UnitRun): Promise<readonly UnitEnd[]>
}

/** Chunks that an unknown number of workers gets at least, so that several have something to do. */
const LEAST_CHUNKS = 4

/**
 * Cuts items into chunks of about one size: as few for each worker as the limit allows. Of no items one empty
 * chunk, so that whatever is said of a date is said of an empty one too.
 *
 * @param most items per chunk at most
 */
export function cutIntoChunks<Item>(
  items: readonly Item[],
  { workers }: Pick<UnitExecutor, 'workers'>,
  most: number,
): readonly (readonly Item[])[] {
  const side = workers ?? LEAST_CHUNKS
  const rounds = Math.max(1, Math.ceil(items.length / (side * most)))
  const size = Math.max(1, Math.ceil(items.length / (side * rounds)))
  const chunks: (readonly Item[])[] = []
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size))
  }
  return chunks.length === 0 ? [[]] : chunks
}
