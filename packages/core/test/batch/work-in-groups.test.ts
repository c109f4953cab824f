import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { workInGroups } from '../../src/batch/work-in-groups.ts'

const ITEMS = Array.from({ length: 10 }, (_, i) => i)

describe('work in groups', () => {
  test.each([1, 3, 20])(
    'takes every item once, with at most %i groups at once',
    async (concurrency) => {
      const taken: number[] = []
      let underWay = 0
      let most = 0
      await workInGroups({
        items: ITEMS,
        size: 3,
        concurrency,
        async work(group) {
          most = Math.max(most, ++underWay)
          await setImmediate()
          taken.push(...group)
          underWay -= 1
        },
      })
      expect(taken.sort((a, b) => a - b)).toEqual(ITEMS)
      expect(most).toBe(Math.min(concurrency, 4))
    },
  )

  test('starts no group after one has failed, and ends those under way first', async () => {
    const ended: number[] = []
    const running = workInGroups({
      items: ITEMS,
      size: 2,
      concurrency: 2,
      async work([first = -1]) {
        if (first === 0) throw new Error('no luck')
        await setImmediate()
        ended.push(first)
      },
    })
    await expect(running).rejects.toThrow('no luck')
    expect(ended).toEqual([2])
  })
})
