import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { chooseSeed, seeded } from '../../../../packages/core/test/batch/seeded.ts'
import {
  goodFile,
  LARGE,
  mutate,
  MUTATIONS,
} from '../../../../packages/core/test/onboarding/mutated-csv.ts'
import { until } from '../../../../packages/core/test/harness/until.ts'
import { ApiProcess } from '../harness/api-process.ts'
import { SECRET } from '../harness/api-world.ts'
import { Caller, formOf } from '../harness/caller.ts'
import { KNOWN, NOW, OnboardingWorld, uploadOf } from './onboarding-world.ts'

/** Uploads of mutated files; `SOAK_UPLOADS=1000` for all of chapter 95. */
const UPLOADS = Number(process.env['SOAK_UPLOADS'] ?? 40)
const UPLOAD = '/api/v1/onboarding/create-portfolio'

let world: OnboardingWorld
let server: ApiProcess
let ann: Caller

beforeAll(async () => {
  world = await OnboardingWorld.start()
  server = await ApiProcess.start({ store: world.batch.store, secret: SECRET, now: NOW })
  const { token } = await world.api.user()
  ann = new Caller(server.url, token)
  // What only a first upload costs is none of the second that each may take.
  await until('a loaded cache', async () => (await ann.get('/health/ready')).status === 200)
  expect((await ann.form(UPLOAD, uploadOf(goodFile(40, KNOWN)))).status).toBe(201)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

interface Answer {
  readonly portfolio_id?: string
  readonly total_positions?: number
  readonly code?: string
  readonly errors?: readonly { code: string; line: number; field: string; message: string }[]
}

test('a mutated upload is imported whole or refused with line and column, within a second', async () => {
  const random = seeded(chooseSeed('SOAK_UPLOADS_SEED'))
  const small = Object.keys(MUTATIONS).filter((name) => !LARGE.has(name))
  const text = goodFile(40, KNOWN)
  for (let i = 0; i < UPLOADS; i++) {
    const { name, content } = mutate(text, random, small)
    const before = await stored()
    const started = await server.cpuMs()
    const { status, body } = await ann.form<Answer>(UPLOAD, uploadOf(content))
    const took = (await server.cpuMs()) - started
    const after = await stored()
    expect([name, status]).toEqual([name, status === 201 ? 201 : 400])
    expect(took).toBeLessThan(1_000)
    if (status === 201) {
      const { total_positions: total = -1 } = body
      expect([name, after.portfolios, after.positions]).toEqual([
        name,
        before.portfolios + 1,
        before.positions + total,
      ])
    } else {
      expect(body.code).toBe('PORT_008')
      expect(after).toEqual(before)
      for (const error of body.errors ?? []) expectPlaced(error)
      expect(body.errors?.length).toBeGreaterThan(0)
    }
  }
}, 600_000)

test.each([...LARGE])('%s is refused within a second', async (name) => {
  const { content } = mutate(goodFile(10, KNOWN), seeded(1), [name])
  // Put together before: what is timed is the server.
  const encoded = new Response(formOf(uploadOf(content)))
  const raw = new Uint8Array(await encoded.arrayBuffer())
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' }
  const before = await stored()
  const started = await server.cpuMs()

  const { status, body } = await ann.call<Answer>('POST', UPLOAD, { raw, headers })

  expect((await server.cpuMs()) - started).toBeLessThan(1_000)
  expect(status).toBe(400)
  for (const error of body.errors ?? []) expectPlaced(error)
  expect(await stored()).toEqual(before)
})

function expectPlaced(error: { code: string; line: number; field: string; message: string }): void {
  expect(error.code).toMatch(/^(CSV|POS)_0\d\d$/)
  expect(error.line).toBeGreaterThanOrEqual(1)
  expect(error.field).not.toBe('')
}

async function stored(): Promise<{ portfolios: number; positions: number; runs: number }> {
  const [row] = await world.batch.rows<{ portfolios: number; positions: number; runs: number }>(`
    select (select count(*) from portfolios) as portfolios, (select count(*) from positions) as positions,
           (select count(*) from batch_run_history where job_type = 'symbol_onboarding') as runs`)
  return row ?? { portfolios: -1, positions: -1, runs: -1 }
}
