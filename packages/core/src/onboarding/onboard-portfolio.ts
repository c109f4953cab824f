import { effectiveDate } from '../calendar/index.ts'
import type { IsoDate, SessionDate } from '../calendar/iso-date.ts'
import { dateInNewYork } from '../calendar/session-times.ts'
import { transaction } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import { launchFirstRun } from './launch-first-run.ts'
import { lotSymbols } from './lot-symbols.ts'
import type { OnboardingParts } from './onboarding-parts.ts'
import { OnboardingRefused } from './onboarding-refused.ts'
import { OnboardingRun } from './onboarding-run.ts'
import type { NewPortfolio } from './portfolio-form.ts'
import { readUpload, type ReadUpload, type Upload } from './read-upload.ts'
import { refreshOnboarded, type Onboarded } from './refresh-onboarded.ts'
import { accountNameTaken, insertPortfolio } from './store/insert-portfolio.ts'
import { selectSymbolStates } from './store/select-symbol-states.ts'
import { selectUploadFacts } from './store/select-upload-facts.ts'
import { isReady } from './symbol-state.ts'

/** A portfolio that was created, or that a dry run would create. */
export interface OnboardedPortfolio extends Onboarded {
  /** Null in a dry run. */
  readonly portfolioId: string | null
  readonly portfolio: NewPortfolio
  readonly positions: number
  readonly mode: 'v2_instant' | 'v1_batch'
}

/** An upload that was read, with what is known of the day. */
interface Order extends ReadUpload {
  readonly today: IsoDate
  /** The session of the first snapshot. */
  readonly date: SessionDate
}

/**
 * Takes an upload: portfolio and positions in one transaction, then (V2) the snapshot of the newest session
 * that the symbol batch has completed, of what is known, with exposures and analytics; unknown symbols are
 * queued. In legacy mode a run in the background computes everything from the earliest entry on.
 *
 * What goes wrong after the portfolio was created leaves it whole: its status says what is missing, and
 * `calculate` does it.
 *
 * @throws OnboardingRefused; nothing was created
 */
export async function onboardPortfolio(
  parts: OnboardingParts,
  upload: Upload,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<OnboardedPortfolio> {
  const { runs, isV2 } = parts
  const now = runs.clock.now()
  const today = dateInNewYork(now)
  const begun = performance.now()
  const read = await readUpload(upload, today)
  const { db } = runs.database
  const facts = await selectUploadFacts(db, read.userId, read.portfolio.accountName)
  if (facts.isNameTaken) throw accountNameTaken()
  const date = isV2 ? facts.newestDate : effectiveDate(now, runs.settleMinutes)
  if (date === null) {
    const message = 'There are no prices yet: try again when the first symbol batch is done.'
    throw new OnboardingRefused('NO_PRICE_DATA', message)
  }
  const order = { ...read, today, date }
  const readMs = performance.now() - begun
  if (isDryRun) return dryRun(parts, order)
  const onboarded = isV2 ? await onboardNow(parts, order, readMs) : await onboardLater(parts, order)
  return { ...onboarded, ...factsOf(parts, order) }
}

function factsOf({ isV2 }: OnboardingParts, { portfolio, lots }: ReadUpload) {
  const mode = isV2 ? 'v2_instant' : 'v1_batch'
  return { portfolio, positions: lots.length, mode } as const
}

async function dryRun(parts: OnboardingParts, order: Order): Promise<OnboardedPortfolio> {
  const states = await selectSymbolStates(
    parts.runs.database.db,
    lotSymbols(order.lots, order.today),
  )
  const unknown = states.filter(({ hasBar }) => !hasBar).map(({ symbol }) => symbol)
  return {
    portfolioId: null,
    status: parts.isV2 ? (unknown.length === 0 ? 'ready' : 'partial') : 'processing',
    snapshot: null,
    snapshotDate: order.date,
    pendingSymbols: unknown,
    batchRunId: null,
    ...factsOf(parts, order),
  }
}

type Created = Onboarded & { readonly portfolioId: string }

async function onboardNow(parts: OnboardingParts, order: Order, readMs: number): Promise<Created> {
  const { close, runs, instance, refresher } = parts
  using expected = refresher.expect()
  const { userId, lots, date, today } = order
  const run = new OnboardingRun({ ...runs, close, source: 'onboarding', userId, targetDate: date })
  run.event('start', { positions: lots.length, date, duration_ms: Math.round(readMs) })
  const symbols = lotSymbols(lots, today)
  const states = await selectSymbolStates(runs.database.db, symbols)
  const unknown = states.filter(({ hasBar }) => !hasBar).map(({ symbol }) => symbol)
  const known = symbols.length - unknown.length
  const fields = { symbols: symbols.length, known, unknown: unknown.length }
  run.step('symbol_check', { processed: known, fields })
  const lockName = await instance.name()
  const { portfolioId, batchRunId } = await transaction(runs.database, async (tx) => {
    const id = await insertPortfolio(tx, { ...order, equityAsOf: date })
    return { portfolioId: id, batchRunId: await run.open(tx.db, { portfolioId: id, lockName }) }
  })
  run.step('portfolio_created', { processed: lots.length, fields: { positions: lots.length } })
  const dates = { kind: 'range', start: date, end: date } as const
  const refreshed = refreshOnboarded(parts, run, {
    wish: { portfolioId, dates, force: false },
    batchRunId,
    isReady: states.every(isReady),
  })
  expected[Symbol.dispose]()
  return { ...(await refreshed), portfolioId }
}

async function onboardLater(parts: OnboardingParts, order: Order): Promise<Created> {
  const { runs } = parts
  const portfolioId = await transaction(runs.database, (tx) =>
    insertPortfolio(tx, { ...order, equityAsOf: order.date }),
  )
  const { userId, date, lots } = order
  const created = { step: 'portfolio_created', user_id: userId, portfolio_id: portfolioId }
  runs.log.info({ ...created, positions: lots.length, date }, 'V2_ONBOARDING')
  const batchRunId = await launchFirstRun(parts, {
    portfolioId,
    userId,
    source: 'onboarding',
    force: false,
  }).then(
    (answer) => (answer.kind === 'started' ? (answer.batchRunIds[0] ?? null) : answer.batchRunId),
    (thrown: unknown) => {
      runs.log.error(
        { err: coerceError(thrown), portfolio_id: portfolioId },
        'onboarding_not_started',
      )
      return null
    },
  )
  return {
    portfolioId,
    status: 'processing',
    snapshot: null,
    snapshotDate: null,
    pendingSymbols: [],
    batchRunId,
  }
}
