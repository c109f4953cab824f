import { describe, expect, test } from '@jest/globals'
import { maskSecrets, redactLine, redactText } from '../../src/logging/redact.ts'
import { cpuMsSince } from '../harness/cpu-time.ts'

describe('text', () => {
  test.each([
    ['postgres://ann:s3cret@db:5432/main', 'postgres://ann:[redacted]@db:5432/main'],
    ['postgres://ann:p@ss@db.example.com/main', 'postgres://ann:[redacted]@db.example.com/main'],
    ['host=db password=hunter2 user=ann', 'host=db password=[redacted] user=ann'],
    ['GET /v3?access_token=abc&limit=5', 'GET /v3?access_token=[redacted]&limit=5'],
    ['https://api.example.com/?apiKey=abc', 'https://api.example.com/?apiKey=[redacted]'],
    ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted]'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln ends', 'token [redacted] ends'],
  ])('%s loses its secret', (text, masked) => {
    expect(maskSecrets(text)).toBe(masked)
  })

  test.each([
    'postgres://db:5432/main',
    'no password given',
    '2025-07-01T21:30:00-04:00 AAPL.B=12.5 total=7',
  ])('%s is left as it is', (text) => {
    expect(redactText(text)).toBe(text)
  })

  test('e-mail addresses are hidden, versions and handles are not', () => {
    expect(redactText('sent to Ann.Lee+x@mail.example.com, not to @ann; kysely@0.29.9')).toBe(
      'sent to [e-mail], not to @ann; kysely@0.29.9',
    )
  })

  test('a very long word takes no noticeable time', () => {
    const word = `${'a'.repeat(200_000)}://=@`
    const start = process.cpuUsage()
    expect(redactText(word)).toBe(word)
    expect(cpuMsSince(start)).toBeLessThan(1_000)
  })
})

describe('a log line', () => {
  test('is searched at every depth, by field name and by content', () => {
    const line = JSON.stringify({
      message: 'mail to ann@example.com',
      user: { password: 'a "quoted" one', jwtSecret: 'x', profile: [{ access_token: 'y' }] },
      headers: { authorization: { scheme: 'Bearer' }, 'set-cookie': ['a', 'b'] },
      pin_token: 1234,
    })
    expect(JSON.parse(redactLine(line))).toEqual({
      message: 'mail to [e-mail]',
      user: {
        password: '[redacted]',
        jwtSecret: '[redacted]',
        profile: [{ access_token: '[redacted]' }],
      },
      headers: { authorization: '[redacted]', 'set-cookie': '[redacted]' },
      pin_token: '[redacted]',
    })
  })

  test('still tells whether there is a secret, and keeps every other field', () => {
    const line = JSON.stringify({ api_key: null, has_token: true, tokens_left: 5, symbol: 'AAPL' })
    expect(redactLine(line)).toBe(line)
  })
})
