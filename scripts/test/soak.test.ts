import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from '@jest/globals'
import { repositoryRoot, runProgram } from '../../packages/core/test/harness/run-program.ts'
import { SOAK_STORIES } from '../src/soak/stories.ts'

const soak = (...args: readonly string[]) => runProgram('scripts/src/soak/main.ts', args, {})

test.each(SOAK_STORIES.map((story) => [story.name, story] as const))(
  'the tests of %s know the variables that make them long and give their seed',
  async (_name, { file, environment, seedVariable }) => {
    const text = await readFile(resolve(repositoryRoot, file), 'utf8')
    const variables = [
      ...Object.keys(environment),
      ...(seedVariable === null ? [] : [seedVariable]),
    ]
    for (const variable of variables) expect(text).toContain(variable)
  },
)

test('--list names every story and runs none', async () => {
  const { code, stdout } = await soak('--list')
  expect(code).toBe(0)
  for (const { name, what } of SOAK_STORIES)
    expect(stdout).toMatch(new RegExp(`^${name} +${what}`, 'm'))
})

test('a story that does not exist is refused with those that do', async () => {
  const { code, stderr } = await soak('--only', 'kills')
  expect([code, stderr]).toEqual([
    2,
    `soak: --only kills: there are ${SOAK_STORIES.map(({ name }) => name).join(', ')}\n`,
  ])
})
