/**
 * Works on items, so many at once, and yields each result as it is ready; at most that many results are
 * held. How many calls are really made at once is the gate's matter.
 *
 * @throws what `work` throws; work that is under way then is not waited for
 */
export async function* inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay = new Map<number, Promise<{ index: number; result: Result }>>()
  for (let next = 0; next < items.length || underWay.size > 0;) {
    for (const item of items.slice(next, next + limit - underWay.size)) {
      const index = next++
      underWay.set(
        index,
        work(item).then((result) => ({ index, result })),
      )
    }
    const done = await Promise.race(underWay.values())
    underWay.delete(done.index)
    yield done.result
  }
}
