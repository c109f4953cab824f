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
    expect(rows).toEqual([
      { variable: 'DATABASE_URL', value: '-', source: 'default' },
      { variable: 'DATABASE_DIRECT_URL', value: '-', source: 'default' },
      { variable: 'DB_POOL_MAX', value: '5', source: 'env' },
      { variable: 'BATCH_V2_ENABLED', value: 'false', source: 'default' },
      { variable: 'ENVIRONMENT', value: 'development', source: 'default' },
      { variable: 'LOG_LEVEL', value: 'info', source: 'default' },
      { variable: 'LOG_FILE', value: '-', source: 'default' },
      { variable: 'PRICE_PROVIDERS', value: 'synthetic', source: 'env' },
      { variable: 'PRICE_FILE_PATH', value: '-', source: 'default' },
      { variable: 'MARKET_SETTLE_MINUTES', value: '30', source: 'default' },
      { variable: 'PRICES_MIN_COVERAGE', value: '0.5', source: 'default' },
      { variable: 'QUARANTINE_RETURN', value: '0.6', source: 'default' },
      { variable: 'SYMBOL_BATCH_TIMEOUT_SECONDS', value: '1500', source: 'default' },
      { variable: 'SIGMASIGHT_NOW', value: '2025-07-02T01:30:00.000Z', source: 'env' },
    ])
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
