import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { existsSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildPages } from '../src/build/build-pages.ts'
import { openPages } from '../src/index.ts'

let server: Server
let port = 0

beforeAll(async () => {
  const pages = await openPages()
  server = createServer((asked, response) => {
    pages(asked, response, () => response.writeHead(418).end('next'))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  ;({ port } = server.address() as AddressInfo)
})
afterAll(() => new Promise((closed) => server.close(closed)))

/** As it comes over the wire, which `fetch` would not show. */
function call(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>(
    (done, fail) => {
      const sent = request({ port, path, method, headers, host: '127.0.0.1' }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const { statusCode: status = 0 } = response
          done({ status, headers: { ...response.headers }, bytes: Buffer.concat(chunks) })
        })
      })
      sent.on('error', fail).end()
    },
  )
}

async function scriptPath(): Promise<string> {
  const { bytes } = await call('/')
  return /src="(\/assets\/main-[^"]+\.js)"/.exec(bytes.toString())?.[1] ?? 'none'
}

describe('the pages', () => {
  test.each([
    '/',
    '/ops',
    '/portfolio/7f3c1f5e-0d84',
    '/portfolio/7f3c1f5e-0d84/progress',
    '/ops?x=1',
  ])('%s is the one document, asked for anew each time', async (path) => {
    const { status, headers, bytes } = await call(path)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    })
    expect(bytes.toString()).toContain('<div id="app">')
  })

  test.each([
    '/api/v1/portfolios',
    '/portfolio',
    '/index.html',
    '/assets/none.js',
    '/assets/../../package.json',
    '/portfolio/a/b',
    '/assets/%2e%2e/package.json',
  ])('%s is none of theirs', async (path) => {
    expect((await call(path)).status).toBe(418)
  })

  test('nothing is sent to them', async () => {
    expect((await call('/', {}, 'POST')).status).toBe(418)
  })

  test('the same document again is not sent again', async () => {
    const { headers } = await call('/')
    const again = await call('/ops', { 'if-none-match': String(headers['etag']) })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
  })
})

describe('their files', () => {
  test('are kept by the browser for good, and compressed as it takes them', async () => {
    const path = await scriptPath()
    const plain = await call(path)
    const brotli = await call(path, { 'accept-encoding': 'gzip, deflate, br' })
    const gzip = await call(path, { 'accept-encoding': 'gzip;q=0.8, br;q=0' })
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'Accept-Encoding',
    })
    expect([brotli, gzip].map(({ headers }) => headers['content-encoding'])).toEqual(['br', 'gzip'])
    expect(brotliDecompressSync(brotli.bytes).equals(plain.bytes)).toBe(true)
    expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true)
  })

  test('HEAD tells their size without them', async () => {
    const path = await scriptPath()
    const { bytes } = await call(path)
    const head = await call(path, {}, 'HEAD')
    expect([head.headers['content-length'], head.bytes.length]).toEqual([String(bytes.length), 0])
  })
})

test('a build is made once for the same sources, by however many processes', async () => {
  const folders = await Promise.all([buildPages(), buildPages(), buildPages()])
  expect(new Set(folders).size).toBe(1)
  expect(existsSync(`${folders[0]}/index.html`)).toBe(true)
})
