import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runProgram, startProgram } from '../../../packages/core/test/harness/run-program.ts'
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { until } from '../../../packages/core/test/harness/until.ts'
import { portOf } from './harness/port-of.ts'

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'
const SCRIPT = 'apps/api/src/main.ts'
const SECRET = 'a secret of tests, 32 bytes long or longer'.replaceAll(' ', '-')

describe('the program', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await createTestDatabase()
  })
  afterAll(() => store.drop())

  const environment = (more: Readonly<Record<string, string>> = {}) => ({
    DATABASE_URL: store.url,
    ENVIRONMENT: 'production',
    JWT_SECRET: SECRET,
    PORT: '0',
    PRICE_PROVIDERS: 'synthetic',
    ...more,
  })

  test('serves a migrated database until SIGTERM, finishing the request under way', async () => {
    const { process: child, ended } = startProgram(SCRIPT, [], environment())
    const port = await portOf({ process: child, ended })
    const reply = await fetch(`http://127.0.0.1:${port}/openapi.json`)
    expect(reply.status).toBe(200)

    // A request whose body is half sent when the signal comes.
    const body = JSON.stringify({ email: 'a@example.com', password: 'x' })
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
    const head = `POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
    socket.write(head + body.slice(0, 10))
    // By this the server says that it is at the request.
    await until('100 Continue', () => answer.startsWith(CONTINUE))
    child.kill('SIGTERM')
    await refused(port)
    socket.write(body.slice(10))
    await once(socket, 'close')
    expect(answer.slice(CONTINUE.length)).toMatch(/^HTTP\/1.1 401 /)
    const end = await ended
    expect(end.code).toBe(143)
    expect(end.stderr).not.toContain('did not exit naturally')
    for (const line of end.stdout.trim().split('\n')) {
      expect(JSON.parse(line)).toHaveProperty('level')
    }
  })

  test('does not start in production without a secret, nor anywhere with a short one', async () => {
    const without = await runProgram(SCRIPT, [], environment({ JWT_SECRET: '' }))
    expect([without.code, without.stderr]).toEqual([
      2,
      'api: JWT_SECRET: required by the API when ENVIRONMENT=production, but it is not set\n',
    ])
    const short = await runProgram(SCRIPT, [], environment({ JWT_SECRET: 'short' }))
    expect([short.code, short.stderr]).toEqual([2, 'api: JWT_SECRET: expected at least 32 bytes\n'])
  })

  test('does not start on a database that was never migrated', async () => {
    await using empty = await createEmptyDatabase()
    const end = await runProgram(SCRIPT, [], environment({ DATABASE_URL: empty.url }))
    expect(end.code).toBe(2)
    expect(end.stderr).toMatch(/^api: .*migrate/)
  })

  test('tells how it is set, and takes no arguments', async () => {
    const help = await runProgram(SCRIPT, ['--help'], {})
    expect([help.code, help.stderr]).toEqual([0, ''])
    expect(help.stdout).toContain('PORT')
    expect((await runProgram(SCRIPT, ['--port', '1'], {})).code).toBe(2)
  })
})

/** Waits until nobody listens there any more. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (!isOpen) return
    await sleep(10)
  }
}
