import { describe, expect, test } from '@jest/globals'
import { clockOf, loadConfig, providerOrder } from '../../src/config/index.ts'
import { ConfigError } from '../../src/errors/index.ts'

function complaintOf(env: Record<string, string>): string {
  try {
    loadConfig(env)
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.message
    throw thrown
  }
  throw new Error('the environment was accepted')
}

describe('an environment that sets nothing', () => {
  test('gives the documented defaults', () => {
    expect(loadConfig({})).toEqual({
      databaseUrl: null,
      databaseDirectUrl: null,
      dbPoolMax: 10,
      batchV2Enabled: false,
      environment: 'development',
      logLevel: 'info',
      logFile: null,
      priceProviders: ['yahoo', 'polygon'],
      optionPriceProviders: ['polygon'],
      priceFilePath: null,
      yahooBaseUrl: null,
      yahooConcurrency: 4,
      yahooRatePerMinute: 120,
      polygonApiKey: null,
      polygonBaseUrl: 'https://api.polygon.io',
      polygonRatePerMinute: 5,
      providerTimeoutSeconds: 30,
      providerMaxRetries: 3,
      priceFetchConcurrency: 5,
      marketSettleMinutes: 30,
      pricesMinCoverage: 0.5,
      quarantineReturn: 0.6,
      riskFreeRate: 0.045,
      analyticsMaxMissingShare: 0.05,
      tltEffectiveDuration: 16.5,
      correlationMinWeight: 0.01,
      correlationMinValue: 10_000,
      pnlRestAlert: 0.03,
      symbolBatchTimeoutSeconds: 1500,
      portfolioRefreshTimeoutSeconds: 1200,
      symbolBatchPollSeconds: 15,
      portfolioRefreshConcurrency: 10,
      symbolsMinShare: 0.8,
      alertWebhookUrl: null,
      healthcheckPingUrl: null,
      port: 8080,
      jwtSecret: null,
      corsOrigins: null,
      maintenanceMode: false,
      schedulerEnabled: false,
      symbolOnboardingConcurrency: 3,
      symbolOnboardingMaxQueue: 50,
      batchTrackerTimeoutMinutes: 30,
      now: null,
      setVariables: [],
    })
  })

  test('is what empty and blank values amount to', () => {
    const env = { DATABASE_URL: '', DB_POOL_MAX: '  ', PRICE_PROVIDERS: '', SIGMASIGHT_NOW: '' }
    expect(loadConfig(env)).toEqual(loadConfig({}))
  })
})

describe('values', () => {
  test('are parsed, with blanks around them dropped', () => {
    const config = loadConfig({
      DATABASE_URL: 'postgresql://ann:x@db/main',
      DATABASE_DIRECT_URL: 'postgres://ann:x@direct/main',
      DB_POOL_MAX: ' 5 ',
      ENVIRONMENT: 'production',
      LOG_LEVEL: 'debug',
      LOG_FILE: 'logs/run.log',
      PRICE_PROVIDERS: 'synthetic, File,synthetic',
      PRICE_FILE_PATH: '/data/prices',
      MARKET_SETTLE_MINUTES: '0',
      PRICES_MIN_COVERAGE: '.75',
      QUARANTINE_RETURN: '1',
      SYMBOL_BATCH_TIMEOUT_SECONDS: '60',
    })
    expect(config).toMatchObject({
      databaseUrl: 'postgresql://ann:x@db/main',
      databaseDirectUrl: 'postgres://ann:x@direct/main',
      dbPoolMax: 5,
      environment: 'production',
      logLevel: 'debug',
      logFile: 'logs/run.log',
      priceProviders: ['synthetic', 'file'],
      priceFilePath: '/data/prices',
      marketSettleMinutes: 0,
      pricesMinCoverage: 0.75,
      quarantineReturn: 1,
      symbolBatchTimeoutSeconds: 60,
    })
    expect(config.setVariables).toHaveLength(12)
  })

  test.each([
    ['true', true],
    ['TRUE', true],
    ['True', true],
    ['false', false],
    ['FALSE', false],
  ])('BATCH_V2_ENABLED=%s is %s', (text, value) => {
    expect(loadConfig({ BATCH_V2_ENABLED: text }).batchV2Enabled).toBe(value)
  })

  test.each([
    ['2025-07-01T21:30:00-04:00', '2025-07-02T01:30:00.000Z'],
    ['2025-07-02T01:30Z', '2025-07-02T01:30:00.000Z'],
    ['2025-07-02T01:30:00.250Z', '2025-07-02T01:30:00.250Z'],
  ])('SIGMASIGHT_NOW=%s is the instant %s, in UTC', (text, instant) => {
    expect(loadConfig({ SIGMASIGHT_NOW: text }).now?.toISO()).toBe(instant)
  })

  test('SIGMASIGHT_NOW stops the clock that programs go by; without it the clock runs', () => {
    const stopped = clockOf(loadConfig({ SIGMASIGHT_NOW: '2025-07-02T01:30Z' }))
    expect(stopped.now().toISO()).toBe('2025-07-02T01:30:00.000Z')
    const running = clockOf(loadConfig({})).now().toMillis()
    expect(Math.abs(running - Date.now())).toBeLessThan(5_000)
  })

  test('cannot be changed afterwards', () => {
    const config = loadConfig({ PRICE_PROVIDERS: 'synthetic' })
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.isFrozen(config.priceProviders)).toBe(true)
    expect(Object.isFrozen(config.setVariables)).toBe(true)
  })
})

describe('a bad value', () => {
  const LEVELS = 'trace, debug, info, warn, error, fatal, silent'
  test.each([
    ['DB_POOL_MAX', 'abc', 'an integer from 1 to 200, got "abc"'],
    ['DB_POOL_MAX', '0', 'an integer from 1 to 200, got "0"'],
    ['DB_POOL_MAX', '201', 'an integer from 1 to 200, got "201"'],
    ['DB_POOL_MAX', '1.5', 'an integer from 1 to 200, got "1.5"'],
    ['BATCH_V2_ENABLED', 'yes', 'true or false, got "yes"'],
    ['BATCH_V2_ENABLED', '1', 'true or false, got "1"'],
    ['ENVIRONMENT', 'prod', 'one of development, production, test, got "prod"'],
    ['LOG_LEVEL', 'loud', `one of ${LEVELS}, got "loud"`],
    [
      'PRICE_PROVIDERS',
      'fil',
      'a comma-separated list of yahoo, polygon, file, synthetic, got "fil"',
    ],
    [
      'PRICE_PROVIDERS',
      'synthetic,',
      'a comma-separated list of yahoo, polygon, file, synthetic, got "synthetic,"',
    ],
    ['MARKET_SETTLE_MINUTES', '-1', 'an integer from 0 to 720, got "-1"'],
    ['PRICES_MIN_COVERAGE', '1.01', 'a number from 0 to 1, got "1.01"'],
    ['PRICES_MIN_COVERAGE', '0,5', 'a number from 0 to 1, got "0,5"'],
    ['QUARANTINE_RETURN', '0', 'a number from 0.01 to 100, got "0"'],
    ['QUARANTINE_RETURN', 'Infinity', 'a number from 0.01 to 100, got "Infinity"'],
    ['SYMBOL_BATCH_TIMEOUT_SECONDS', '1e3', 'an integer from 1 to 86400, got "1e3"'],
  ])('of %s, %s, is named with its rule', (name, text, complaint) => {
    expect(complaintOf({ [name]: text })).toBe(`${name}: expected ${complaint}`)
  })

  test.each(['2025-07-01T21:30:00', '2025-07-01', '2025-02-30T10:00Z', '2025-07-01T25:00Z', 'now'])(
    'of SIGMASIGHT_NOW, %s, is refused: it is no instant that everybody agrees on',
    (text) => {
      expect(complaintOf({ SIGMASIGHT_NOW: text })).toBe(
        'SIGMASIGHT_NOW: expected an instant with Z or an offset, ' +
          `like 2025-07-01T21:30:00-04:00, got "${text}"`,
      )
    },
  )

  test('of a secret is not shown', () => {
    expect(complaintOf({ DATABASE_URL: 'mysql://ann:hunter2@db/main' })).toBe(
      'DATABASE_URL: expected a postgres:// or postgresql:// URL, got something else (not shown)',
    )
  })

  test('of a key that is too short is refused without showing it', () => {
    expect(complaintOf({ JWT_SECRET: 'hunter2' })).toBe('JWT_SECRET: expected at least 32 bytes')
    expect(loadConfig({ JWT_SECRET: 'k'.repeat(32) }).jwtSecret).toHaveLength(32)
  })

  test('of an origin that no browser sends is named', () => {
    for (const text of ['app.example.com', 'https://a.example.com/', 'ftp://a.b', 'https://a.b,']) {
      expect(complaintOf({ CORS_ORIGINS: text })).toContain('CORS_ORIGINS: expected origins like')
    }
    const origins = 'https://a.example.com, http://localhost:3000'
    expect(loadConfig({ CORS_ORIGINS: origins }).corsOrigins).toEqual([
      'https://a.example.com',
      'http://localhost:3000',
    ])
  })

  test('does not hide the others: all are named in one line', () => {
    const complaint = complaintOf({
      DB_POOL_MAX: 'many\nmore',
      LOG_LEVEL: 'loud',
      ENVIRONMENT: 'production',
    })
    expect(complaint).toBe(
      [
        'DATABASE_URL: required when ENVIRONMENT=production or on Railway, but it is not set',
        'DB_POOL_MAX: expected an integer from 1 to 200, got "many\\nmore"',
        `LOG_LEVEL: expected one of ${LEVELS}, got "loud"`,
      ].join('; '),
    )
  })
})

describe('variables that depend on others', () => {
  test('a database is required in production and on Railway', () => {
    const rule =
      'DATABASE_URL: required when ENVIRONMENT=production or on Railway, but it is not set'
    expect(complaintOf({ ENVIRONMENT: 'production' })).toBe(rule)
    expect(complaintOf({ RAILWAY_ENVIRONMENT: 'staging' })).toBe(rule)
    const env = { ENVIRONMENT: 'production', DATABASE_URL: 'postgres://db/main' }
    expect(loadConfig(env).databaseUrl).toBe('postgres://db/main')
  })

  test('the file provider needs its path', () => {
    expect(complaintOf({ PRICE_PROVIDERS: 'synthetic, FILE' })).toBe(
      'PRICE_FILE_PATH: required when PRICE_PROVIDERS names file, but it is not set',
    )
    expect(loadConfig({ PRICE_PROVIDERS: 'synthetic' }).priceFilePath).toBeNull()
  })

  test('polygon needs its key where it is named', () => {
    const rule =
      'POLYGON_API_KEY: required when PRICE_PROVIDERS or OPTION_PRICE_PROVIDERS names polygon, but it is not set'
    expect(complaintOf({ PRICE_PROVIDERS: 'Polygon' })).toBe(rule)
    expect(complaintOf({ OPTION_PRICE_PROVIDERS: 'polygon' })).toBe(rule)
  })
})

describe('who is asked for prices', () => {
  const order = (env: NodeJS.ProcessEnv) => providerOrder(loadConfig(env))

  test('is yahoo where nothing is set, and polygon too with a key', () => {
    expect(order({})).toEqual({ equities: ['yahoo'], options: [] })
    expect(order({ POLYGON_API_KEY: 'k' })).toEqual({
      equities: ['yahoo', 'polygon'],
      options: ['polygon'],
    })
  })

  test('of options is also what this machine has', () => {
    const files = { PRICE_PROVIDERS: 'file,yahoo', PRICE_FILE_PATH: '/data' }
    expect(order(files).options).toEqual(['file'])
    expect(order({ ...files, POLYGON_API_KEY: 'k' }).options).toEqual(['polygon', 'file'])
    expect(order({ ...files, OPTION_PRICE_PROVIDERS: 'file' }).options).toEqual(['file'])
  })
})
