import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { repositoryRoot, runProgram } from '../../packages/core/test/harness/run-program.ts'

const help = await runProgram('scripts/src/ops/main.ts', ['--help'], {})
const commands = [...help.stdout.matchAll(/^ {2}([a-z][\w-]*)/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'help')

describe('pnpm ops', () => {
  test('has every command that operators are promised', () => {
    const promised =
      'migrate sessions seed-demo create-admin env verify doctor diagnose-equity-cash verify-demo-portfolios clear-derived last-runs monitor catch-up fake-market'
    expect(commands).toEqual(expect.arrayContaining(promised.split(' ')))
  })

  test('is documented, command by command, with what it prints', async () => {
    const page = await readFile(resolve(repositoryRoot, 'docs/operations.md'), 'utf8')
    expect(commands.filter((name) => !page.includes(`\n| \`${name}`))).toEqual([])
    expect(commands.filter((name) => !page.includes(`$ pnpm ops ${name}`))).toEqual([])
  })
})
