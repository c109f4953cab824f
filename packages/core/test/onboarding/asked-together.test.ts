import { expect, test } from '@jest/globals'
import { AskedTogether } from '../../src/onboarding/asked-together.ts'

test('questions of one moment are answered together, those of the next by themselves', async () => {
  const groups: (readonly number[])[] = []
  const squares = new AskedTogether((numbers: readonly number[]) => {
    groups.push(numbers)
    return Promise.resolve(numbers.map((number) => number * number))
  })

  expect(await Promise.all([1, 2, 3].map((number) => squares.ask(number)))).toEqual([1, 4, 9])
  expect(await squares.ask(4)).toBe(16)
  expect(groups).toEqual([[1, 2, 3], [4]])
})

test('who asked together fails together, and the next question is asked anew', async () => {
  const failures = [new Error('the server is gone')]
  const names = new AskedTogether((ids: readonly string[]) => {
    const failure = failures.pop()
    return failure === undefined ? Promise.resolve(ids) : Promise.reject(failure)
  })

  const [first, second] = [names.ask('a'), names.ask('b')]
  await expect(first).rejects.toThrow('gone')
  await expect(second).rejects.toThrow('gone')
  expect(await names.ask('c')).toBe('c')
})
