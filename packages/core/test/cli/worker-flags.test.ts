import { describe, expect, test } from '@jest/globals'
import { batchCommand, parseBatchCommand, parseWorkCommand } from '../../src/cli/index.ts'

const silent = (): void => undefined
const parse = (...argv: readonly string[]) =>
  parseBatchCommand(batchCommand('some-batch', 'Does something.', ''), argv, silent)

describe('the flags for growth', () => {
  test('--workers takes a whole number from 1', () => {
    expect(parse()).toMatchObject({ distributed: false })
    expect(parse()).not.toHaveProperty('workers')
    expect(parse('--workers', '3')).toMatchObject({ workers: 3 })
    for (const wrong of ['0', '-1', '1.5', 'many']) {
      expect(() => parse(`--workers=${wrong}`)).toThrow(/'--workers <n>'.*whole number from 1/)
    }
  })

  test('--workers and --distributed exclude each other', () => {
    expect(parse('--distributed')).toMatchObject({ distributed: true })
    expect(() => parse('--distributed', '--workers', '2')).toThrow(
      '--workers and --distributed exclude each other: give one of them',
    )
  })

  test('work has flags of its own and an example', () => {
    expect(parseWorkCommand('some-batch', ['--log-json'], silent)).toMatchObject({ logJson: true })
    expect(() => parseWorkCommand('some-batch', ['--date', '2025-07-01'], silent)).toThrow(
      /unknown option '--date'/,
    )
    let help = ''
    const write = (text: string): void => void (help += text)
    expect(parseWorkCommand('some-batch', ['--help'], write)).toBeNull()
    expect(help).toContain('some-batch work --log-json')
  })
})
