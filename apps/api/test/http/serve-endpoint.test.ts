import { setTimeout as sleep } from 'node:timers/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterEach, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { answerErrors } from '../../src/http/answer-errors.ts'
import { ApiError } from '../../src/http/api-error.ts'
import { endpoint, media, type Endpoint } from '../../src/http/endpoint.ts'
import { RateLimiter } from '../../src/http/rate-limits.ts'
import { requestLog } from '../../src/http/request-log.ts'
import { routesOf } from '../../src/http/routes.ts'
import type { Shared } from '../../src/http/serve-endpoint.ts'
import { MemoryLog } from '../harness/memory-log.ts'

const limits = { reads: 1e6, writes: 1e6, credentials: 1e6 }
const log = new MemoryLog()
/** Endpoints that anybody may call need no more than this. */
const shared = {
  config: { maintenanceMode: false },
  authenticator: { identify: () => Promise.resolve(null) },
  limiter: new RateLimiter(limits),
  checkAnswers: true,
} as unknown as Shared

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** Serves endpoints of the test's own. */
async function serve(...endpoints: readonly Endpoint[]): Promise<string> {
  const app = express()
  app.use(requestLog(log))
  app.use(routesOf(endpoints, shared))
  app.use(answerErrors)
  const server = createServer(app)
  await new Promise<void>((done) => {
    server.listen(0, done)
  })
  open.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const facts = { method: 'GET', isRoot: true, auth: 'none', summary: '' } as const
const numberAnswer = { 200: z.object({ n: z.number() }) }

describe('a handler', () => {
  test('that throws answers 500 without a word of why; the log has it', async () => {
    const url = await serve(
      endpoint({
        ...facts,
        path: '/broken',
        responses: numberAnswer,
        handler: () => {
          throw new Error('select * from users: password "hunter2"')
        },
      }),
    )
    const reply = await fetch(`${url}/broken`)
    const text = await reply.text()
    expect(reply.status).toBe(500)
    expect(text).toContain('"code":"INTERNAL"')
    expect(text).not.toMatch(/hunter2|select|users/)
    const line = log.lines.findLast(({ message }) => message === 'request_failed')
    expect(String(line?.['err'])).toContain('hunter2')
  })

  test('that answers what it does not declare is found out', async () => {
    const lie = (path: `/${string}`, answer: object) =>
      endpoint({ ...facts, path, responses: numberAnswer, handler: () => answer as never })
    const url = await serve(
      lie('/other', { status: 201, body: { n: 1 } }),
      lie('/type', { status: 200, body: { n: 'one' } }),
      lie('/text', { status: 200, content: 'n', contentType: 'text/plain' }),
    )
    for (const path of ['/other', '/type', '/text']) {
      expect((await fetch(url + path)).status).toBe(500)
    }
  })

  test('that takes too long answers 503, and is told to stop', async () => {
    let isStopped = false
    const url = await serve(
      endpoint({
        ...facts,
        path: '/slow',
        timeoutSeconds: 0.02,
        responses: numberAnswer,
        handler: async ({ signal }) => {
          await sleep(5_000, undefined, { signal }).catch(() => (isStopped = true))
          return { status: 200, body: { n: 1 } }
        },
      }),
    )
    const reply = await fetch(`${url}/slow`)
    expect(reply.status).toBe(503)
    expect(await reply.json()).toMatchObject({ code: 'TIMEOUT' })
    expect(isStopped).toBe(true)
  })

  test('is told when the caller is gone', async () => {
    const begun = Promise.withResolvers<undefined>()
    const gone = Promise.withResolvers<undefined>()
    const url = await serve(
      endpoint({
        ...facts,
        path: '/long',
        responses: numberAnswer,
        handler: async ({ signal }) => {
          signal.addEventListener('abort', () => {
            gone.resolve(undefined)
          })
          begun.resolve(undefined)
          await gone.promise
          return { status: 200, body: { n: 1 } }
        },
      }),
    )
    const caller = new AbortController()
    const call = fetch(`${url}/long`, { signal: caller.signal }).catch(() => 'left')
    await begun.promise
    caller.abort()
    await gone.promise
    expect(await call).toBe('left')
  })

  test('that fails in the middle of a stream breaks the answer off', async () => {
    const url = await serve(
      endpoint({
        ...facts,
        path: '/file',
        responses: { 200: media('text/csv', '') },
        handler: () => ({ status: 200, contentType: 'text/csv', content: halfAFile() }),
      }),
    )
    const reply = await fetch(`${url}/file`)
    expect(reply.status).toBe(200)
    await expect(reply.text()).rejects.toThrow()
  })

  test('throws problems with members and headers of its own', async () => {
    const url = await serve(
      endpoint({
        ...facts,
        path: '/busy',
        responses: numberAnswer,
        handler: () => {
          const details = { members: { batch_run_id: 'b' }, headers: { 'retry-after': '7' } }
          throw new ApiError(409, 'BATCH_RUNNING', 'A batch run is going on.', details)
        },
      }),
    )
    const reply = await fetch(`${url}/busy`)
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([409, '7'])
    expect(await reply.json()).toMatchObject({ code: 'BATCH_RUNNING', batch_run_id: 'b' })
  })
})

async function* halfAFile(): AsyncIterable<string> {
  yield 'a,b\r\n'.repeat(50_000)
  await sleep(1)
  throw new Error('the database went away')
}

test('the word in an address goes before the parameter in the same place, whatever the order of the list', async () => {
  const answer = (path: `/${string}`, n: number, params?: z.ZodObject) =>
    endpoint({
      ...facts,
      path,
      ...(params === undefined ? {} : { params }),
      responses: numberAnswer,
      handler: () => ({ status: 200, body: { n } }),
    })
  const id = z.strictObject({ id: z.string() })
  const url = await serve(answer('/run/:id', 1, id), answer('/run/current', 2))
  expect(await (await fetch(`${url}/run/current`)).json()).toEqual({ n: 2 })
  expect(await (await fetch(`${url}/run/x`)).json()).toEqual({ n: 1 })
})
