import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { DateTime } from 'luxon'
import {
  createTokens,
  hashPassword,
  insertUser,
  logIn,
  saveAdmin,
  selectUser,
  verifyPassword,
} from '../../src/auth/index.ts'
import { fixedClock } from '../../src/clock/index.ts'
import { createTestDatabase, type TestDatabase } from '../harness/test-database.ts'

const PASSWORD = 'correct horse battery'

describe('passwords', () => {
  test('are hashed with a salt of their own, and told from others', async () => {
    const [a, b] = await Promise.all([hashPassword(PASSWORD), hashPassword(PASSWORD)])
    expect(a).not.toBe(b)
    expect(await verifyPassword(a, PASSWORD)).toBe(true)
    expect(await verifyPassword(a, `${PASSWORD} `)).toBe(false)
  })

  test('of nobody, and of who has none, are never right', async () => {
    for (const stored of [null, '!', '', 'plain']) {
      expect(await verifyPassword(stored, PASSWORD)).toBe(false)
      expect(await verifyPassword(stored, stored ?? '')).toBe(false)
    }
  })
})

describe('tokens', () => {
  const at = (time: string) => fixedClock(DateTime.fromISO(time) as DateTime<true>)
  const secret = 'k'.repeat(32)
  const noon = createTokens(secret, at('2026-01-05T12:00:00Z'))

  test('are good for an hour', async () => {
    const token = await noon.issue('ann')
    const check = (time: string) => createTokens(secret, at(time)).verify(token)
    expect(await check('2026-01-05T12:59:59Z')).toEqual({ ok: true, userId: 'ann' })
    expect(await check('2026-01-05T13:00:00Z')).toEqual({ ok: false, reason: 'expired' })
  })

  test('of another secret, changed ones and words are none', async () => {
    const [head, claims, signature] = (await noon.issue('ann')).split('.')
    const other = createTokens('x'.repeat(32), at('2026-01-05T12:00:00Z'))
    const forged = Buffer.from('{"sub":"bob","iss":"sigmasight","exp":9e9}').toString('base64url')
    for (const token of [
      await other.issue('ann'),
      `${head ?? ''}.${forged}.${signature ?? ''}`,
      `${head ?? ''}.${claims ?? ''}.`,
      'word',
      '',
    ]) {
      expect(await noon.verify(token)).toEqual({ ok: false, reason: 'invalid' })
    }
  })
})

describe('users', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await createTestDatabase()
  })
  afterAll(() => store.drop())

  test('log in by e-mail in any case; an e-mail belongs to one', async () => {
    const { db } = store.database
    const passwordHash = await hashPassword(PASSWORD)
    const ann = { email: 'Ann@Example.com', passwordHash, fullName: 'Ann', isAdmin: false }
    const user = await insertUser(db, ann)
    expect(await insertUser(db, { ...ann, email: 'aNN@example.com' })).toBeNull()
    expect(await logIn(db, { email: 'ann@example.COM', password: PASSWORD })).toBe(user?.id)
    expect(await logIn(db, { email: 'ann@example.com', password: 'wrong' })).toBeNull()
    expect(await selectUser(db, user?.id ?? '')).toEqual(user)
  })

  test('become administrators, with a new password, also those who were made inactive', async () => {
    const { db } = store.database
    const old = await hashPassword('an old password')
    const bob = { email: 'bob@example.com', passwordHash: old, fullName: 'Bob', isAdmin: false }
    const user = await insertUser(db, bob)
    await db.updateTable('users').set({ is_active: false }).where('email', '=', bob.email).execute()
    expect(await selectUser(db, user?.id ?? '')).toBeNull()
    const passwordHash = await hashPassword(PASSWORD)
    const admin = { email: 'BOB@example.com', passwordHash, fullName: 'ignored' }
    expect(await saveAdmin(db, admin)).toEqual({ id: user?.id, isNew: false })
    expect(await selectUser(db, user?.id ?? '')).toMatchObject({ fullName: 'Bob', isAdmin: true })
    expect(await logIn(db, { email: bob.email, password: PASSWORD })).toBe(user?.id)
    expect(await saveAdmin(db, { ...admin, email: 'new@example.com' })).toMatchObject({
      isNew: true,
    })
  })
})
