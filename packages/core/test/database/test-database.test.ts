import { describe, expect, test } from '@jest/globals'
import { openDatabase } from '../../src/database/index.ts'
import { createTestDatabase } from '../harness/test-database.ts'
import {
  findTestServer,
  newTestName,
  prepareTestServer,
  withAdmin,
} from '../harness/test-server.ts'

const exists = async (url: string): Promise<boolean> => {
  const name = new URL(url).pathname.slice(1)
  const server = await findTestServer()
  return withAdmin(server.url, async (admin) => {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [name])
    return rowCount === 1
  })
}

describe('a test database', () => {
  test('is gone after its drop', async () => {
    const store = await createTestDatabase()
    expect(await exists(store.url)).toBe(true)
    await store.drop()
    expect(await exists(store.url)).toBe(false)
  })

  test('fails its drop, by name, when somebody forgot to close a connection', async () => {
    const store = await createTestDatabase()
    const forgotten = await openDatabase({
      url: store.url,
      poolMax: 1,
      applicationName: 'forgetful-program',
    })
    await expect(store.drop(0)).rejects.toThrow(/left open.*forgetful-program/)
    expect(await exists(store.url)).toBe(false)
    await forgotten[Symbol.asyncDispose]()
  })

  test('of a killed run is swept an hour later, a younger one stays', async () => {
    const { url } = await findTestServer()
    const old = newTestName().replace(/[^_]+$/, '1')
    await withAdmin(url, (admin) => admin.query(`create database ${old}`))
    await using young = await createTestDatabase()
    await prepareTestServer()
    expect(await exists(url.replace(/\/[^/]*$/, `/${old}`))).toBe(false)
    expect(await exists(young.url)).toBe(true)
  })
})
