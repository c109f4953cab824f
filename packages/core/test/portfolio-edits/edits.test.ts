import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { PortfolioRunEnvironment } from '../../src/batch/index.ts'
import { parseIsoDate } from '../../src/calendar/index.ts'
import { parseCents, parseMicros } from '../../src/pnl/index.ts'
import {
  addFlow,
  addLot,
  changeFlow,
  closeLot,
  deleteFlow,
  deleteLot,
  editPortfolio,
  EditRefused,
  PortfolioEditor,
  takeBackClosing,
  takeBackValuation,
  valueLot,
  type EditFacts,
} from '../../src/portfolio-edits/index.ts'
import { session } from '../batch/batch-world.ts'
import { chooseSeed, seeded } from '../batch/seeded.ts'
import { hashResults } from '../harness/result-tables.ts'
import { BACKFILL, BACKFILL_SESSIONS, backfillFacts } from '../portfolios/backfill-book.ts'
import { PortfolioWorld } from '../portfolios/portfolio-world.ts'

const TODAY = session(BACKFILL.to)
/** Random edits; `SOAK_EDITS=300` for more. */
const EDITS = Number(process.env['SOAK_EDITS'] ?? 12)
/** Waits for an answer however busy the machine is. */
const PATIENT = { longestWaitMs: 120_000 }

let world: PortfolioWorld
let environment: PortfolioRunEnvironment

beforeAll(async () => {
  world = await PortfolioWorld.create()
  environment = world.environment(BACKFILL.to)
  await world.facts(backfillFacts())
  await world.symbolBatchDone(...BACKFILL_SESSIONS)
  await world.refresh(BACKFILL.to)
})
afterAll(() => world[Symbol.asyncDispose]())

async function idOf(name: string): Promise<string> {
  const rows = await world.rows<{ id: string }>(sql`select id from portfolios where name = ${name}`)
  return rows[0]?.id ?? ''
}

/** The lots of a portfolio, or those of a symbol, by entry. */
async function lotsOf(portfolioId: string, symbol: string | null): Promise<readonly string[]> {
  const rows = await world.rows<{ id: string }>(sql`
    select id from positions
    where portfolio_id = ${portfolioId} and deleted_at is null
      and (${symbol}::text is null or symbol = ${symbol})
    order by entry_date, quantity`)
  return rows.map(({ id }) => id)
}

/** The rows as a computation from the beginning leaves them, of one portfolio or of all. */
async function fromScratch(portfolioId: string | null) {
  const start = session(BACKFILL.from)
  const { status } = await world.refresh(BACKFILL.to, {
    dates: { kind: 'range', start, end: TODAY },
    force: true,
    reprocess: 'all',
    ...(portfolioId === null ? {} : { scope: { kind: 'portfolio', portfolioId } }),
  })
  expect(status).toMatch(/^completed/)
  return hashResults(world.db)
}

describe('an edit', () => {
  const edits: readonly (readonly [string, string, (id: string) => Promise<EditFacts<unknown>>])[] =
    [
      [
        'a lot entered late',
        'mixed 1',
        () => Promise.resolve(addLot(lot('DYNA', '2025-07-09'), FRAME)),
      ],
      [
        'a lot from before the record',
        'mixed 2',
        () => Promise.resolve(addLot(lot('ALTO', '2020-01-02'), FRAME)),
      ],
      ['a lot deleted', 'mixed 3', async (id) => deleteLot((await lotsOf(id, null))[0] ?? '')],
      [
        'a part closed',
        'mixed 4',
        async (id) => {
          const [lotId = ''] = await lotsOf(id, 'HALO')
          const closing = {
            tradeDate: parseIsoDate('2025-07-14'),
            quantity: parseMicros('2'),
            price: parseMicros('95.5'),
          }
          return closeLot(lotId, closing, TODAY)
        },
      ],
      [
        'a valuation',
        'private',
        async (id) => {
          const [lotId = ''] = await lotsOf(id, 'HOUSE')
          return valueLot(
            lotId,
            { date: parseIsoDate('2025-07-08'), marketValue: parseCents('440000') },
            TODAY,
          )
        },
      ],
      [
        'a contribution',
        'empty',
        () =>
          Promise.resolve(
            addFlow(
              {
                changeType: 'CONTRIBUTION',
                amount: parseCents('99.99'),
                date: parseIsoDate('2025-07-12'),
                notes: null,
              },
              TODAY,
            ),
          ),
      ],
    ]

  test.each(edits)(
    '%s leaves the rows that a computation from the beginning leaves',
    async (_title, name, make) => {
      const id = await idOf(name)
      await using editor = new PortfolioEditor(environment, PATIENT)
      const before = await hashResults(world.db)
      const { recompute } = await editor.edit(
        { portfolioId: id, userId: world.userId },
        await make(id),
      )
      expect(recompute).toMatchObject({ status: 'completed', to: BACKFILL.to, reason: null })
      const edited = await hashResults(world.db)
      expect(edited).not.toEqual(before)
      expect(edited).toEqual(await fromScratch(id))
    },
  )

  test('that is never computed again, as its process died, is taken up by the next night', async () => {
    const id = await idOf('mixed 5')
    const [lotId = ''] = await lotsOf(id, null)
    const sessions = await world.sessions(id)
    await editPortfolio(world.store.database, id, deleteLot(lotId))
    expect(await world.sessions(id)).toEqual([])
    await world.refresh(BACKFILL.to)
    expect(await world.sessions(id)).toEqual(sessions)
    const healed = await hashResults(world.db)
    expect(healed).toEqual(await fromScratch(id))
  })

  test('that is never computed again is taken up by the next process, too', async () => {
    const id = await idOf('mixed 6')
    const [lotId = ''] = await lotsOf(id, null)
    await editPortfolio(world.store.database, id, deleteLot(lotId))
    const next = new PortfolioEditor(environment, PATIENT)
    next.start()
    await next[Symbol.asyncDispose]()
    const healed = await hashResults(world.db)
    expect(healed).toEqual(await fromScratch(id))
  })

  test('of twenty at once: each is made, and the rows are those of all of them', async () => {
    const id = await idOf('debt')
    await using editor = new PortfolioEditor(environment, PATIENT)
    const made = Array.from({ length: 20 }, (_, i) => {
      const date = BACKFILL_SESSIONS[i % 15] ?? TODAY
      const flow = {
        changeType: 'CONTRIBUTION',
        amount: parseCents(`${i + 1}.00`),
        date,
        notes: null,
      } as const
      return editor.edit({ portfolioId: id, userId: world.userId }, addFlow(flow, TODAY))
    })
    for (const { recompute } of await Promise.all(made)) {
      expect(['completed', 'none']).toContain(recompute.status)
    }
    const edited = await hashResults(world.db)
    expect(edited).toEqual(await fromScratch(id))
    const rows = await world.snapshots(id, 'cumulative_capital_flow')
    // Flows of the first snapshot's own day are in the equity that was typed.
    expect(rows.at(-1)?.[1]).toBe('193.00')
  })

  test('taken back leaves the rows as they were before it', async () => {
    const id = await idOf('private')
    await using editor = new PortfolioEditor(environment, PATIENT)
    const scope = { portfolioId: id, userId: world.userId }
    const before = await hashResults(world.db)
    const [house = '', dyna = ''] = [...(await lotsOf(id, 'HOUSE')), ...(await lotsOf(id, 'DYNA'))]
    const closing = { tradeDate: TODAY, quantity: parseMicros('200'), price: parseMicros('90') }
    const closed = await editor.edit(scope, closeLot(dyna, closing, TODAY))
    expect(await world.position(dyna, 'exit_date', 'exit_price')).toEqual([TODAY, '90.000000'])
    const valued = await editor.edit(
      scope,
      valueLot(house, { date: TODAY, marketValue: parseCents('1') }, TODAY),
    )
    const flow = {
      changeType: 'WITHDRAWAL',
      amount: parseCents('5'),
      date: TODAY,
      notes: null,
    } as const
    const added = await editor.edit(scope, addFlow(flow, TODAY))
    const earlier = parseIsoDate('2025-07-10')
    await editor.edit(
      scope,
      changeFlow(added.value, { date: earlier, amount: parseCents('7') }, TODAY),
    )
    expect(await hashResults(world.db)).not.toEqual(before)
    await editor.edit(scope, deleteFlow(added.value))
    await editor.edit(scope, takeBackValuation(house, valued.value))
    await editor.edit(scope, takeBackClosing(dyna, closed.value.eventId))
    expect(await world.position(dyna, 'exit_date', 'exit_price')).toEqual([null, null])
    expect((await hashResults(world.db))['portfolio_snapshots']).toEqual(
      before['portfolio_snapshots'],
    )
  })
})

describe('an edit is refused, and nothing changes,', () => {
  const flow = (changeType: 'CONTRIBUTION' | 'WITHDRAWAL', amount: string, date: string) =>
    addFlow(
      { changeType, amount: parseCents(amount), date: parseIsoDate(date), notes: null },
      TODAY,
    )
  const closing = (date: string, quantity: string) => ({
    tradeDate: parseIsoDate(date),
    quantity: parseMicros(quantity),
    price: parseMicros('1'),
  })
  const cases: readonly (readonly [
    string,
    string,
    (id: string) => Promise<EditFacts<unknown>> | EditFacts<unknown>,
  ])[] = [
    ['EQUITY_001', 'of 0', () => flow('CONTRIBUTION', '0', '2025-07-10')],
    ['EQUITY_002', 'of tomorrow', () => flow('CONTRIBUTION', '1', '2025-07-23')],
    [
      'EQUITY_003',
      'that takes out more than there is',
      () => flow('WITHDRAWAL', '90000000', '2025-07-10'),
    ],
    ['EQUITY_004', 'of a flow that is not there', () => deleteFlow(NOBODY)],
    ['POSITION_NOT_FOUND', 'of a lot that is not there', () => deleteLot(NOBODY)],
    [
      'POSITION_INVALID',
      'of a lot of nothing',
      () => addLot({ ...lot('ALTO', '2025-07-09'), Quantity: '0' }, FRAME),
    ],
    ['POS_023', 'of a lot that is there', () => addLot(lot('DYNA', '2025-07-12', '90.9'), FRAME)],
    [
      'CLOSE_003',
      'before the entry',
      async (id) =>
        closeLot((await lotsOf(id, 'DYNA'))[0] ?? '', closing('2025-07-11', '1'), TODAY),
    ],
    [
      'CLOSE_003',
      'of tomorrow',
      async (id) =>
        closeLot((await lotsOf(id, 'DYNA'))[0] ?? '', closing('2025-07-23', '1'), TODAY),
    ],
    [
      'CLOSE_004',
      'of more than is open',
      async (id) =>
        closeLot((await lotsOf(id, 'DYNA'))[0] ?? '', closing('2025-07-16', '5.000001'), TODAY),
    ],
    [
      'CLOSE_004',
      'of more than a later closing leaves',
      async (id) =>
        closeLot((await lotsOf(id, 'ALTO'))[1] ?? '', closing('2025-07-02', '20.5'), TODAY),
    ],
    [
      'VALUATION_001',
      'of a lot with a market',
      async (id) =>
        valueLot(
          (await lotsOf(id, 'DYNA'))[0] ?? '',
          { date: TODAY, marketValue: parseCents('1') },
          TODAY,
        ),
    ],
  ]
  test.each(cases)('with %s: %s', async (code, _title, make) => {
    const id = await idOf('mixed 0')
    const before = await hashResults(world.db)
    const refused = editPortfolio(world.store.database, id, await make(id))
    await expect(refused).rejects.toThrow(EditRefused)
    await expect(refused).rejects.toMatchObject({ code })
    expect(await hashResults(world.db)).toEqual(before)
  })
})

test(
  'random edits of random portfolios leave the rows of a computation from the beginning',
  async () => {
    const seed = chooseSeed('EDITS_SEED')
    const random = seeded(seed)
    const below = (n: number) => Math.floor(random() * n)
    const portfolios = await world.rows<{ id: string }>(
      sql`select id from portfolios order by name`,
    )
    await using editor = new PortfolioEditor(environment, PATIENT)
    for (let i = 0; i < EDITS; i++) {
      const portfolioId = portfolios[below(portfolios.length)]?.id ?? ''
      const date = BACKFILL_SESSIONS[below(15)] ?? TODAY
      const lots = await world.rows<{ id: string; symbol: string }>(sql`
      select id, symbol from positions where portfolio_id = ${portfolioId} and deleted_at is null
      order by symbol, entry_date, quantity, entry_price`)
      const lotId = lots[below(lots.length)]?.id ?? NOBODY
      const amount = parseCents(`${1 + below(500)}.${10 + below(90)}`)
      const kinds: readonly EditFacts<unknown>[] = [
        addFlow(
          { changeType: random() < 0.5 ? 'CONTRIBUTION' : 'WITHDRAWAL', amount, date, notes: null },
          TODAY,
        ),
        addLot(lot(['ALTO', 'BRIO', 'CUSP', 'ECHO'][below(4)] ?? '', date, `${50 + i}.25`), FRAME),
        closeLot(
          lotId,
          { tradeDate: date, quantity: parseMicros(`${1 + below(8)}`), price: parseMicros('77.7') },
          TODAY,
        ),
        deleteLot(lotId),
      ]
      const scope = { portfolioId, userId: world.userId }
      await editor.edit(scope, kinds[below(4)] ?? deleteLot(lotId)).catch((thrown: unknown) => {
        if (!(thrown instanceof EditRefused)) throw thrown
      })
    }
    const edited = await hashResults(world.db)
    expect({ seed, tables: edited }).toEqual({ seed, tables: await fromScratch(null) })
  },
  180_000 + 20_000 * EDITS,
)

const NOBODY = '00000000-0000-4000-8000-000000000000'
const FRAME = { notes: null, today: TODAY }

function lot(symbol: string, date: string, price = '70.5') {
  return { Symbol: symbol, Quantity: '-3', 'Entry Price Per Share': price, 'Entry Date': date }
}
