import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { BatchCommand, everyTable, type Environment, type TableContent } from './batch-command.ts'

interface BadInput {
  readonly args?: string
  readonly env?: Environment
  /** What the line on stderr must tell. */
  readonly says: readonly string[]
}

/** Nothing can ever lie below a device. */
const NO_FILE = '/dev/null/prices'

/** Every one of them must end with exit 2 and one line. */
const BAD_INPUTS: Readonly<Record<string, BadInput>> = {
  'an unknown flag': { args: '--dates 2025-07-01', says: ['--dates', '--help'] },
  'a stray argument': { args: 'tomorrow', says: ['argument'] },
  'a flag without its value': { args: '--date', says: ['--date', 'missing'] },
  'an impossible date': { args: '--date 2025-02-30', says: ['--date', '2025-02-30'] },
  'a date in another format': { args: '--date 07/01/2025', says: ['07/01/2025', 'YYYY-MM-DD'] },
  'a Saturday': { args: '--date 2025-07-19', says: ['2025-07-19', 'nearest is 2025-07-18'] },
  'a holiday, by the other name of the flag': {
    args: '--target-date 2025-07-04',
    says: ['2025-07-04', 'nearest is 2025-07-03'],
  },
  'a session that is not settled yet': {
    args: '--date 2025-07-23',
    says: ['2025-07-23', 'nearest session that has is 2025-07-22'],
  },
  'a date in the far future': { args: '--date 2199-01-02', says: ['2199-01-02', '2025-07-22'] },
  'a date before all calendars': { args: '--date 1901-01-02', says: ['1901-01-02', '1990'] },
  'a range that ends in the future': {
    args: '--start-date 2025-07-01 --end-date 2025-12-31',
    says: ['--end-date', '2025-12-31', '2025-07-22'],
  },
  'a start after the end': {
    args: '--start-date 2025-07-02 --end-date 2025-07-01',
    says: ['--start-date', 'after', '--end-date'],
  },
  'a range before all calendars': {
    args: '--start-date 1901-01-02 --end-date 2025-07-01',
    says: ['1901-01-02', '1990'],
  },
  'a range without a session': {
    args: '--start-date 2025-07-04 --end-date 2025-07-06',
    says: ['no session', 'nearest is 2025-07-03'],
  },
  'half a range': { args: '--start-date 2025-07-01', says: ['--start-date', '--end-date', 'both'] },
  'a date and a range': {
    args: '--date 2025-07-01 --start-date 2025-07-01 --end-date 2025-07-02',
    says: ['--date', '--start-date', 'exclude'],
  },
  'symbols and a portfolio': {
    args: '--symbols ALTO --portfolio-id 00000000-0000-4000-8000-000000000000',
    says: ['--symbols', '--portfolio-id', 'exclude'],
  },
  'a phase that does not exist': { args: '--phase factors,fractals', says: ['fractals', 'prices'] },
  'a symbol with impossible characters': { args: '--symbols AL/TO', says: ['AL/TO', 'symbol'] },
  'no symbol at all': { args: '--symbols ,', says: ['--symbols'] },
  'a portfolio id that is none': { args: '--portfolio-id 17', says: ['--portfolio-id', '17'] },
  'a run id that is none': { args: '--run-id 17', says: ['--run-id', '17'] },
  'a portfolio that does not exist': {
    args: '--portfolio-id 00000000-0000-4000-8000-000000000000',
    says: ['--portfolio-id', '00000000-0000-4000-8000-000000000000'],
  },
  'a number that is none': { args: '--max-catchup many', says: ['--max-catchup', 'many'] },
  'an empty slice': { args: '--chunk-days 0', says: ['--chunk-days', '0'] },
  'an unknown choice': { args: '--reprocess some', says: ['--reprocess', 'missing'] },
  'an unknown source': { args: '--source cat', says: ['--source', 'cron'] },
  'a result file that cannot be written': {
    args: `--summary-json ${NO_FILE}`,
    says: ['--summary-json', NO_FILE],
  },
  'a log file that cannot be written': {
    args: `--log-file ${NO_FILE}`,
    says: [NO_FILE],
  },
  'an unknown price provider': {
    env: { PRICE_PROVIDERS: 'oracle' },
    says: ['PRICE_PROVIDERS', 'oracle'],
  },
  'a provider without its key': {
    env: { PRICE_PROVIDERS: 'polygon' },
    says: ['POLYGON_API_KEY', 'polygon'],
  },
  'no price file': { env: { PRICE_PROVIDERS: 'file' }, says: ['PRICE_FILE_PATH', 'required'] },
  'a price file that does not exist': {
    env: { PRICE_PROVIDERS: 'file', PRICE_FILE_PATH: NO_FILE },
    says: ['PRICE_FILE_PATH', NO_FILE],
  },
  'a variable with a bad value': { env: { DB_POOL_MAX: 'ten' }, says: ['DB_POOL_MAX', 'ten'] },
  'a switch that is neither on nor off': {
    env: { BATCH_V2_ENABLED: 'yes' },
    says: ['BATCH_V2_ENABLED', 'true'],
  },
  'a present that is no instant': {
    env: { SIGMASIGHT_NOW: '2025-07-23' },
    says: ['SIGMASIGHT_NOW'],
  },
  'a database URL that is none': { env: { DATABASE_URL: 'mysql://x/y' }, says: ['DATABASE_URL'] },
  'a database server that is not there': {
    env: { DATABASE_URL: 'postgres://batch:hunter2@127.0.0.1:9/books' },
    says: ['cannot connect', '"books"', '127.0.0.1:9', 'ECONNREFUSED'],
  },
  'a database server on a host that does not exist': {
    env: { DATABASE_URL: 'postgres://batch:hunter2@no-such-host.invalid/books' },
    says: ['cannot connect', 'no-such-host.invalid'],
  },
  'a lock server that is not there': {
    env: { DATABASE_DIRECT_URL: 'postgres://batch:hunter2@127.0.0.1:9/books' },
    says: ['cannot connect', '127.0.0.1:9'],
  },
}

describe('bad input', () => {
  let store: TestDatabase
  let command: BatchCommand
  let untouched: readonly TableContent[]
  beforeAll(async () => {
    store = await createTestDatabase()
    command = commandFor(store)
    untouched = await everyTable(store)
  })
  afterAll(async () => {
    await store.drop()
  })

  function commandFor({ url }: TestDatabase): BatchCommand {
    return new BatchCommand({
      DATABASE_URL: url,
      PRICE_PROVIDERS: 'synthetic',
      SIGMASIGHT_NOW: '2025-07-23T01:00:00Z',
    })
  }

  async function expectRefusal(refused: BatchCommand, { args = '', env = {}, says }: BadInput) {
    const argv = args.split(' ').filter((word) => word !== '')
    const end = await refused.run(argv, env)
    const lines = end.stderr.trimEnd().split('\n')
    expect({ code: end.code, lines: lines.length, stderr: end.stderr }).toEqual({
      code: 2,
      lines: 1,
      stderr: end.stderr,
    })
    for (const part of says) expect(end.stderr).toContain(part)
    expect(end.stderr).toMatch(/^symbol-batch: \S/)
    expect(end.stdout + end.stderr).not.toContain('hunter2')
    expect(end.stdout + end.stderr).not.toMatch(/\n\s+at |node_modules/)
  }

  test.each(Object.keys(BAD_INPUTS))(
    '%s: exit 2 and one line that says what is wrong',
    async (name) => {
      const input = BAD_INPUTS[name]
      if (input === undefined) throw new RangeError(name)
      await expectRefusal(command, input)
    },
  )

  test('all of that has written nothing at all', async () => {
    expect(await everyTable(store)).toEqual(untouched)
  })

  test('a database that does not exist on the server', async () => {
    const url = new URL(store.url)
    url.pathname = '/no_such_database'
    await expectRefusal(command, { env: { DATABASE_URL: url.href }, says: ['no_such_database'] })
  })

  test('a server that takes the call and never answers', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => sockets.push(socket))
    using closing = new DisposableStack()
    closing.defer(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as AddressInfo
    const DATABASE_URL = `postgres://batch:hunter2@127.0.0.1:${port}/books`
    await expectRefusal(command, {
      env: { DATABASE_URL },
      says: ['cannot connect', `127.0.0.1:${port}`],
    })
  })

  test('a schema without some migrations says how to get them', async () => {
    await using behind = await createTestDatabase()
    await sql`delete from kysely_migration where name = (select max(name) from kysely_migration)`.execute(
      behind.database.db,
    )
    await expectRefusal(commandFor(behind), { says: ['lacks', 'pnpm ops migrate'] })
  })

  test('a database without a schema says the same', async () => {
    await using empty = await createEmptyDatabase()
    await expectRefusal(commandFor(empty), { says: ['lacks', 'pnpm ops migrate'] })
  })

  test('a schema newer than the program asks for the newer program', async () => {
    await using newer = await createTestDatabase()
    await sql`insert into kysely_migration values ('9999-from-the-future', '2099-01-01')`.execute(
      newer.database.db,
    )
    const before = await everyTable(newer)
    await expectRefusal(commandFor(newer), { says: ['newer program', '9999-from-the-future'] })
    expect(await everyTable(newer)).toEqual(before)
  })
})
