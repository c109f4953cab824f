import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ApiWorld, PASSWORD } from '../harness/api-world.ts'

describe('accounts', () => {
  let world: ApiWorld
  beforeAll(async () => {
    world = await ApiWorld.start()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const ann = { email: 'Ann@example.com', password: 'long enough, this', full_name: 'Ann Example' }

  test('somebody registers, logs in in any case of the e-mail, and is who he says', async () => {
    const opened = await world.anybody.post('/api/v1/auth/register', ann)
    expect(opened).toMatchObject({
      status: 201,
      body: { email: 'Ann@example.com', full_name: 'Ann Example', is_admin: false },
    })
    expect(opened.text).not.toContain('password')
    const login = await world.anybody.post<{ access_token: string }>('/api/v1/auth/login', {
      email: ' ann@EXAMPLE.com',
      password: ann.password,
    })
    expect(login).toMatchObject({ status: 200, body: { token_type: 'bearer', expires_in: 3600 } })
    const headers = { authorization: `Bearer ${login.body.access_token}` }
    const me = await world.anybody.get('/api/v1/auth/me', { headers })
    expect(me).toMatchObject({ status: 200, body: opened.body })
  })

  test('an e-mail is taken once, whatever its case', async () => {
    const again = { ...ann, email: 'ANN@example.com' }
    const reply = await world.anybody.post('/api/v1/auth/register', again)
    expect(reply).toMatchObject({ status: 409, body: { code: 'EMAIL_TAKEN' } })
  })

  test('a short password, a bad e-mail and an unknown field are refused, each by its name', async () => {
    const bad = { email: 'nobody', password: 'short', full_name: ' ', is_admin: true }
    const reply = await world.anybody.post('/api/v1/auth/register', bad)
    expect(reply.status).toBe(400)
    const { errors } = reply.body as unknown as { errors: { field: string }[] }
    expect(errors.map(({ field }) => field).sort()).toEqual([
      'body.email',
      'body.full_name',
      'body.is_admin',
      'body.password',
    ])
  })

  test('a wrong password, an unknown e-mail and an inactive user get the very same answer', async () => {
    const gone = await world.user()
    await world.store.database.db
      .updateTable('users')
      .set({ is_active: false })
      .where('id', '=', gone.user.id)
      .execute()
    const answers = []
    for (const [email, password] of [
      [ann.email, 'not her password'],
      ['nobody@example.com', ann.password],
      [gone.user.email, PASSWORD],
      ['', ''],
    ]) {
      const reply = await world.anybody.post('/api/v1/auth/login', { email, password })
      answers.push({ status: reply.status, ...(reply.body as object), request_id: '' })
    }
    expect(answers[0]).toMatchObject({ status: 401, code: 'LOGIN_FAILED' })
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect((await gone.get('/api/v1/auth/me')).status).toBe(401)
  })

  test('passwords are stored as argon2id', async () => {
    const { password_hash } = await world.store.database.db
      .selectFrom('users')
      .select('password_hash')
      .where('email', '=', ann.email)
      .executeTakeFirstOrThrow()
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  test('a token is over after 60 minutes, not after 59; one of another secret is none', async () => {
    const { user } = await world.user()
    const status = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` }
      const { status, body } = await world.anybody.get('/api/v1/auth/me', { headers })
      return [status, (body as { code?: string }).code]
    }
    expect(await status(await world.tokenFrom(user.id, 59))).toEqual([200, undefined])
    expect(await status(await world.tokenFrom(user.id, 61))).toEqual([401, 'TOKEN_EXPIRED'])
    expect(await status('abc.def.ghi')).toEqual([401, 'TOKEN_INVALID'])
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const claims = Buffer.from(JSON.stringify({ sub: user.id, exp: 9e9 })).toString('base64url')
    expect(await status(`${none}.${claims}.`)).toEqual([401, 'TOKEN_INVALID'])
    expect((await world.anybody.get('/api/v1/auth/me')).headers.get('www-authenticate')).toContain(
      'Bearer',
    )
  })
})

test('guesses of passwords are limited per e-mail, and tell when to come back', async () => {
  await using world = await ApiWorld.start({ rateLimits: { credentials: 10 } })
  const { user } = await world.user()
  const guess = () =>
    world.anybody.post('/api/v1/auth/login', { email: user.email, password: 'a guess, a guess' })
  for (let i = 0; i < 10; i++) expect((await guess()).status).toBe(401)
  const limited = await guess()
  expect(limited).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
})
