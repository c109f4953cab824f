import { VARIABLES } from '../../src/config/variables.ts'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { describeConfig, loadConfig } from '../../src/config/index.ts'
import { envExample } from '../../src/config/env-example.ts'

describe('the description of a configuration', () => {
  test('has every variable with its effective value and where it comes from', () => {
    const rows = describeConfig(
      loadConfig({
        DB_POOL_MAX: '5',
        PRICE_PROVIDERS: 'synthetic',
        SIGMASIGHT_NOW: '2025-07-01T21:30:00-04:00',
      }),
    )
    expect(rows.filter(({ source }) => source === 'env')).toEqual([
      { variable: 'DB_POOL_MAX', value: '5', source: 'env' },
      { variable: 'PRICE_PROVIDERS', value: 'synthetic', source: 'env' },
      { variable: 'SIGMASIGHT_NOW', value: '2025-07-02T01:30:00.000Z', source: 'env' },
    ])
    expect(rows).toContainEqual({ variable: 'DATABASE_URL', value: '-', source: 'default' })
    expect(rows).toContainEqual({ variable: 'LOG_LEVEL', value: 'info', source: 'default' })
    expect(rows.map(({ variable }) => variable)).toEqual(
      Object.values(VARIABLES).map(({ name }) => name),
    )
  })

  test('hides the passwords inside URLs, in the address and in its parameters', () => {
    const rows = describeConfig(
      loadConfig({
        DATABASE_URL: 'postgres://ann:hunter2@db:5432/main',
        DATABASE_DIRECT_URL: 'postgres://db/main?user=ann&password=hunter2',
      }),
    )
    expect(rows.slice(0, 2).map(({ value }) => value)).toEqual([
      'postgres://ann:[redacted]@db:5432/main',
      'postgres://db/main?user=ann&password=[redacted]',
    ])
  })
})

describe('.env.example', () => {
  const file = readFileSync(resolve(import.meta.dirname, '../../../../.env.example'), 'utf8')

  test('is what the description of the variables says', () => {
    expect(file).toBe(envExample())
  })

  test('lists exactly the variables there are, with their defaults', () => {
    const listed = [...file.matchAll(/^# ([A-Z][A-Z0-9_]*)=(.*)$/gm)]
    const defaults = describeConfig(loadConfig({}))
    expect(listed.map(([, name, value]) => [name, value])).toEqual(
      defaults.map(({ variable, value }) => [variable, value === '-' ? '' : value]),
    )
  })

  test('changes nothing when it is used as it is', () => {
    const assignments = file.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(assignments).toEqual([])
  })
})
