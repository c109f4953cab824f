import {
  markFundamentalsFetched,
  saveStatements,
  statementRows,
  type AnsweredBatch,
  type StoredBatch,
} from '../../company/index.ts'
import { transaction } from '../../database/index.ts'
import type { Fundamentals } from '../../market-data/profile.ts'
import { selectDueStatements } from '../due-companies.ts'
import type { SymbolContext } from '../symbol-context.ts'
import type { Phase } from '../phase.ts'
import { runCompanyUpdate } from '../run-company-update.ts'

/** Asks for the financial statements of held companies that are due for them. */
export const fundamentalsPhase: Phase<SymbolContext> = {
  name: 'fundamentals',
  step: null,
  critical: false,
  finalDateOnly: true,
  reads: ['symbol_universe', 'positions', 'factor_definitions', 'company_profiles'],
  writes: ['income_statements', 'balance_sheets', 'cash_flows', 'company_profiles'],
  async run(context) {
    const { companies } = context
    return runCompanyUpdate(context, {
      subject: 'statements',
      symbols: await selectDueStatements(context),
      ask: (batch, options) => companies.fundamentals(batch, options),
      store: (batch) => storeBatch(context, batch),
    })
  },
}

async function storeBatch(
  { clock, database }: SymbolContext,
  { answers, absent }: AnsweredBatch<Fundamentals>,
): Promise<StoredBatch> {
  const { tables, refused } = statementRows(answers)
  const asked = [...answers.map(({ symbol }) => symbol), ...absent]
  return transaction(database, async (tx) => {
    let inserted = 0
    let updated = 0
    for (const table of tables) {
      const counts = await saveStatements(tx, table)
      inserted += counts.inserted
      updated += counts.updated
    }
    await markFundamentalsFetched(tx.db, asked, clock.now().toJSDate())
    return { inserted, updated, refused }
  })
}
