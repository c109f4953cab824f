import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { logIn } from '../../packages/core/src/auth/index.ts'
import { repositoryRoot } from '../../packages/core/test/harness/run-program.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../packages/core/test/harness/test-database.ts'

const PASSWORD = 'correct horse battery'

describe('ops create-admin', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await createTestDatabase()
  })
  afterAll(() => store.drop())

  /** Runs the command with something on its standard input. */
  function createAdmin(input: string, ...args: readonly string[]) {
    const script = resolve(repositoryRoot, 'scripts/src/ops/main.ts')
    const child = spawn(process.execPath, [script, 'create-admin', ...args], {
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: store.url },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdin.end(input)
    return new Promise<{ code: number | null; stdout: string; stderr: string }>((done) => {
      child.once('close', (code) => {
        done({ code, stdout, stderr })
      })
    })
  }

  test('adds an administrator with the password on standard input', async () => {
    const added = await createAdmin(`${PASSWORD}\n`, 'root@example.com', '--name', 'Root')
    expect(added).toEqual({
      code: 0,
      stdout: 'root@example.com was added as an administrator.\n',
      stderr: '',
    })
    const { db } = store.database
    const row = await db
      .selectFrom('users')
      .select(['id', 'full_name', 'is_admin'])
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ full_name: 'Root', is_admin: true })
    expect(await logIn(db, { email: 'root@example.com', password: PASSWORD })).toBe(row.id)
    const again = await createAdmin('another long password', 'ROOT@example.com')
    expect(again.stdout).toBe('ROOT@example.com is now an administrator.\n')
  })

  test.each([
    ['', ['a@example.com'], 'the password on standard input has 0 characters, 12 are needed'],
    ['short\n', ['a@example.com'], 'has 5 characters, 12 are needed'],
    [`${PASSWORD}\n`, ['a@example.com', PASSWORD], 'takes an e-mail alone'],
    [`${PASSWORD}\n`, ['nobody'], 'that is no e-mail address'],
    [`${PASSWORD}\n`, [], "missing required argument 'email'"],
  ])('with %j and %j ends with 2 and says why', async (input, args, complaint) => {
    const end = await createAdmin(input, ...args)
    expect(end.code).toBe(2)
    expect(end.stderr).toContain(complaint)
    expect(end.stderr).not.toContain(PASSWORD)
  })
})
