import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { migrateToLatest, openDatabase, startEmbeddedPostgres } from '../../src/database/index.ts'

/** The server tests run on, and the migrated database that theirs are cloned from. */
export interface TestServer {
  /** A URL of the server's maintenance database. */
  readonly url: string
  readonly template: string
}

const databaseFolder = resolve(import.meta.dirname, '../../src/database')
const TEMPLATE_PREFIX = 'sigmasight_template_'
const TEST_PREFIX = 'sigmasight_test_'
/** Any number nobody else uses; taken on the maintenance database while templates are made. */
const TEMPLATE_LOCK = 0x7465_7374
const HOUR_SECONDS = 3600

/** Globally set up once per run; a run without the global set-up finds out by itself. */
export async function findTestServer(): Promise<TestServer> {
  const url = process.env['SIGMASIGHT_TEST_SERVER']
  const template = process.env['SIGMASIGHT_TEST_TEMPLATE']
  return url === undefined || template === undefined ? prepareTestServer() : { url, template }
}

/**
 * Makes sure of a server (DATABASE_URL, else the embedded one) and of a template database with the
 * schema of the present migration sources. Several processes may call this at once.
 */
export async function prepareTestServer(): Promise<TestServer> {
  const url = process.env['DATABASE_URL'] ?? (await startEmbeddedPostgres()).url
  const hash = await hashMigrations()
  return withAdmin(url, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const existing = await findDatabases(admin, TEMPLATE_PREFIX + hash)
    const template = existing[0] ?? (await makeTemplate(admin, url, hash))
    await sweep(admin, hash)
    return { url, template }
  })
}

/** A name for a test database that says when it was made. */
export function newTestName(): string {
  return timedName(TEST_PREFIX, randomBytes(5).toString('hex'))
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/** Runs statements on the maintenance database over a connection of their own. */
export async function withAdmin<T>(
  url: string,
  body: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  const admin = new pg.Client({ connectionString: url, application_name: 'test-harness' })
  await admin.connect()
  try {
    return await body(admin)
  } finally {
    await admin.end()
  }
}

/** The template gets its name when it is whole, so that an interrupted one is never cloned. */
async function makeTemplate(admin: pg.Client, url: string, hash: string): Promise<string> {
  const building = timedName(TEST_PREFIX, `template${hash}`)
  await admin.query(`create database ${building}`)
  const database = await openDatabase({
    url: withDatabase(url, building),
    poolMax: 1,
    applicationName: 'test-template',
  })
  await migrateToLatest(database)
  await database.pool.end()
  const template = timedName(TEMPLATE_PREFIX, hash)
  await admin.query(`alter database ${building} rename to ${template}`)
  return template
}

/** Drops what killed runs and earlier schemas left behind. A database in use refuses and stays. */
async function sweep(admin: pg.Client, hash: string): Promise<void> {
  const tests = (await findDatabases(admin, TEST_PREFIX)).filter(olderThan(HOUR_SECONDS))
  const templates = (await findDatabases(admin, TEMPLATE_PREFIX)).filter(
    (name) => !name.startsWith(TEMPLATE_PREFIX + hash) && olderThan(24 * HOUR_SECONDS)(name),
  )
  for (const name of [...tests, ...templates]) {
    await admin.query(`drop database if exists ${name}`).catch((error: unknown) => {
      const code = (error as { code?: string }).code
      if (code !== '55006' && code !== '3D000') throw error
    })
  }
}

async function findDatabases(admin: pg.Client, prefix: string): Promise<readonly string[]> {
  const { rows } = await admin.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1) order by datname',
    [prefix],
  )
  return rows.map(({ datname }) => datname)
}

function timedName(prefix: string, middle: string): string {
  return `${prefix}${middle}_${Math.floor(Date.now() / 1000).toString(36)}`
}

function olderThan(seconds: number): (name: string) => boolean {
  const now = Date.now() / 1000
  return (name) => now - parseInt(name.split('_').at(-1) ?? '', 36) > seconds
}

/** A digest of everything the template's content follows from. */
async function hashMigrations(): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['migrations', 'seed']) {
    const names = (await readdir(join(databaseFolder, folder))).sort()
    for (const name of names) {
      hash.update(name).update(await readFile(join(databaseFolder, folder, name)))
    }
  }
  // What the seed of stress scenarios inserts.
  hash.update(await readFile(join(databaseFolder, '../stress/scenarios.ts')))
  return hash.digest('hex').slice(0, 12)
}
