export interface GroupWork<Item> {
  readonly items: readonly Item[]
  /** Items per group. */
  readonly size: number
  /** Groups under way at once. */
  readonly concurrency: number
  readonly work: (group: readonly Item[]) => Promise<void>
}

/**
 * Works on items in groups, several groups at once: while the database writes one, the next is computed.
 *
 * @throws what the first failing group throws, once the groups under way have ended; no further one starts
 */
export async function workInGroups<Item>(task: GroupWork<Item>): Promise<void> {
  const { items, size, concurrency, work } = task
  let next = 0
  let hasFailed = false
  const worker = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const group = items.slice(next, next + size)
      next += size
      try {
        await work(group)
      } catch (thrown) {
        hasFailed = true
        throw thrown
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, worker))
  const failure = ends.find((end) => end.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
