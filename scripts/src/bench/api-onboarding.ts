import { sessionsBack } from '@sigmasight/core/calendar'
import { cpuSeconds, databaseCpuSeconds } from './api-cpu.ts'
import { startServer, type BenchServer } from './api-server.ts'
import { countStatements } from './api-statements.ts'
import { Uploader } from './api-uploads.ts'
import type { BenchFigure } from './bench-figure.ts'
import { openWorld, type BenchWorld } from './bench-world.ts'
import { LAST_SESSION } from './figure-of.ts'

const SYMBOLS = 5000
const HISTORY = 400
const AT_ONCE = 20
const ROUNDS = 15
const ALONE = 40
const WARM_UP = 20

/** Uploads of 100 positions of known symbols: one at a time, in bursts, and twenty at once all the time. */
export async function benchApiOnboarding(signal: AbortSignal): Promise<readonly BenchFigure[]> {
  const from = sessionsBack(LAST_SESSION, HISTORY)
  await using world = await openWorld({ symbols: SYMBOLS, from, to: LAST_SESSION })
  await world.runBatch(['--date', LAST_SESSION], signal)
  return await measureUploads(world, signal)
}

/** The measurements in a world whose symbol batch is done. */
export async function measureUploads(
  world: Pick<BenchWorld, 'database' | 'env'>,
  signal: AbortSignal,
): Promise<readonly BenchFigure[]> {
  const uploader = await Uploader.open(world.database, { users: AT_ONCE, date: LAST_SESSION })
  const { alone, many } = await countPerUpload(world, uploader, signal)
  await using server = await startServer(world.env, signal)
  await uploader.use(server)
  await uploader.run({ atOnce: 1, uploads: WARM_UP })
  const measured = (name: string, run: () => Promise<readonly number[]>) =>
    measure(world, server, { name, run })
  const one = await measured('one at a time', () => uploader.run({ atOnce: 1, uploads: ALONE }))
  const uploads = AT_ONCE * ROUNDS
  const bursts = await measured(`bursts of ${AT_ONCE}`, async () => {
    const times: number[] = []
    for (let i = 0; i < ROUNDS; i++) {
      times.push(...(await uploader.run({ atOnce: AT_ONCE, uploads: AT_ONCE })))
    }
    return times
  })
  const always = await measured(`${AT_ONCE} at once, over and over`, () =>
    uploader.run({ atOnce: AT_ONCE, uploads }),
  )
  return [withDetails(one, alone), bursts, withDetails(always, many)]
}

function withDetails(figure: BenchFigure, details: Readonly<Record<string, unknown>>): BenchFigure {
  return { ...figure, details: { ...figure.details, ...details } }
}

/** Uploads through something that counts statements, which takes time of its own. */
async function countPerUpload(
  { env }: Pick<BenchWorld, 'env'>,
  uploader: Uploader,
  signal: AbortSignal,
) {
  await using counter = await countStatements(String(env['DATABASE_URL']))
  await using server = await startServer({ ...env, DATABASE_URL: counter.url }, signal)
  await uploader.use(server)
  await uploader.run({ atOnce: 1, uploads: WARM_UP })
  const count = async (atOnce: number, uploads: number) => {
    const before = [counter.statements(), counter.connections()] as const
    await uploader.run({ atOnce, uploads })
    const each = (now: number, then: number) => Math.round((10 * (now - then)) / uploads) / 10
    return {
      statements: each(counter.statements(), before[0]),
      new_connections: each(counter.connections(), before[1]),
    }
  }
  return { alone: await count(1, WARM_UP), many: await count(AT_ONCE, AT_ONCE * 5) }
}

async function measure(
  { database }: Pick<BenchWorld, 'database'>,
  server: BenchServer,
  of: { readonly name: string; readonly run: () => Promise<readonly number[]> },
): Promise<BenchFigure> {
  const cpu = () => Promise.all([cpuSeconds(server.pid), databaseCpuSeconds(database)])
  const before = await cpu()
  const started = performance.now()
  const times = (await of.run()).toSorted((a, b) => a - b)
  const elapsed = (performance.now() - started) / 1000
  const after = await cpu()
  const [api, postgres] = after.map((seconds, i) => perUpload(seconds, before[i], times.length))
  return {
    name: `onboarding 100 positions, ${of.name}`,
    seconds: quantile(times, 0.99) / 1000,
    details: {
      p50_ms: Math.round(quantile(times, 0.5)),
      p99_ms: Math.round(quantile(times, 0.99)),
      max_ms: Math.round(quantile(times, 1)),
      per_second: Math.round(times.length / elapsed),
      api_cpu_ms: api,
      postgres_cpu_ms: postgres,
    },
  }
}

function perUpload(
  after: number | null,
  before: number | null | undefined,
  uploads: number,
): number | null {
  if (after === null || before === null || before === undefined) return null
  return Math.round(((after - before) * 10_000) / uploads) / 10
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
