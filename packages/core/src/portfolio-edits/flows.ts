import type { IsoDate } from '../calendar/iso-date.ts'
import type { Transaction } from '../database/index.ts'
import { formatCents, type Cents } from '../pnl/index.ts'
import type { EditFacts } from './edit-portfolio.ts'
import type { EditedPortfolio } from './edited-portfolio.ts'
import { EditRefused, notFound } from './edit-refused.ts'
import { insertFlow } from './store/insert-flow.ts'
import { removeFlow } from './store/remove-flow.ts'
import { selectEquityOn } from './store/select-equity-on.ts'
import { selectFlow } from './store/select-flow.ts'
import { updateFlow } from './store/update-flow.ts'

/** Money that comes from outside or leaves. */
export interface NewFlow {
  readonly changeType: 'CONTRIBUTION' | 'WITHDRAWAL'
  readonly amount: Cents
  readonly date: IsoDate
  readonly notes: string | null
}

/**
 * Enters a contribution or a withdrawal.
 *
 * @throws EditRefused EQUITY_001 for an amount that is not above 0, 002 for a date after today, 003 for a
 *   withdrawal of more than the equity of its date
 */
export function addFlow(flow: NewFlow, today: IsoDate): EditFacts<string> {
  return async (tx, portfolio) => {
    await checkFlow(tx, { portfolio, flow, today, replaces: null })
    const value = await insertFlow(tx, portfolio.portfolioId, flow)
    return { value, touched: flow.date }
  }
}

/** Changes a flow. Throws EditRefused as `addFlow`, and EQUITY_004 when there is none of that id. */
export function changeFlow(
  flowId: string,
  changes: Partial<NewFlow>,
  today: IsoDate,
): EditFacts<string> {
  return async (tx, portfolio) => {
    const old = await selectFlow(tx, portfolio.portfolioId, flowId)
    if (old === null) throw notFound('equity change', 'EQUITY_004')
    const flow = { ...old, ...changes }
    await checkFlow(tx, { portfolio, flow, today, replaces: flowId })
    await updateFlow(tx, flowId, flow)
    return { value: flowId, touched: old.date < flow.date ? old.date : flow.date }
  }
}

/** Takes a flow back, as if it had never been. Throws EditRefused EQUITY_004. */
export function deleteFlow(flowId: string): EditFacts<string> {
  return async (tx, { portfolioId }) => {
    const touched = await removeFlow(tx, portfolioId, flowId)
    if (touched === null) throw notFound('equity change', 'EQUITY_004')
    return { value: flowId, touched }
  }
}

interface FlowCheck {
  readonly portfolio: EditedPortfolio
  readonly flow: NewFlow
  readonly today: IsoDate
  /** The flow that this one takes the place of. */
  readonly replaces: string | null
}

async function checkFlow(tx: Transaction, check: FlowCheck): Promise<void> {
  const { portfolio, flow, today, replaces } = check
  const { amount, changeType, date } = flow
  if (amount <= 0n) throw refused('EQUITY_001', 'amount', 'The amount is not above 0.')
  if (date > today) {
    throw refused('EQUITY_002', 'change_date', `The date is later than today, ${today}.`)
  }
  if (changeType === 'CONTRIBUTION') return
  const equity = await selectEquityOn(tx, portfolio, { date, without: replaces })
  if (amount > equity) {
    const message = `More than the equity of that date, ${formatCents(equity)}, cannot leave.`
    throw refused('EQUITY_003', 'amount', message)
  }
}

function refused(code: string, field: string, message: string): EditRefused {
  const problem = { field: `body.${field}`, code, message }
  return new EditRefused('invalid', code, message, [problem])
}
