import { expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ColumnFit, profileRow, saveProfiles, type RefusedValue } from '../../src/company/index.ts'
import { transaction } from '../../src/database/index.ts'
import { describeWithShared } from '../harness/shared-data.ts'
import { createTestDatabase } from '../harness/test-database.ts'
import { errorAnswer } from '../market-data/yahoo/chart-answer.ts'
import { recordingsOf, replyOf, type Recording } from '../market-data/yahoo/recordings.ts'
import { startYahooServer, type Reply } from '../market-data/yahoo/yahoo-server.ts'
import { profilesOf, yahooWorld } from '../market-data/yahoo/yahoo-world.ts'

const NOW = '2025-03-25T01:00:00Z'

function replyTo(recording: Recording, path: string): Reply {
  const isSummary = path.includes('/quoteSummary/')
  if (isSummary === (recording.endpoint === 'quoteSummary')) return replyOf(recording)
  if (isSummary) return errorAnswer(404, 'quoteSummary', 'No fundamentals data found for any')
  const [symbol] = recording.symbols
  return { json: { quoteResponse: { result: [{ symbol }], error: null } } }
}

describeWithShared("Yahoo's recorded quotes and summaries", () => {
  test('each gives a stored row or a reason, and everything fits its column', async () => {
    await using server = await startYahooServer(() => 'reset')
    await using store = await createTestDatabase()
    const refused: RefusedValue[] = []
    let profiles = 0
    for (const recording of [...recordingsOf('quote'), ...recordingsOf('quoteSummary')]) {
      server.answer = ({ path }) => replyTo(recording, path)
      for (const outcome of await profilesOf(yahooWorld(server, { now: NOW }), recording.symbols)) {
        if (!outcome.ok) continue
        const fit = new ColumnFit(outcome.symbol)
        const row = profileRow(outcome.symbol, outcome.value, fit)
        const { inserted, updated } = await transaction(store.database, (tx) =>
          saveProfiles(tx, [row], new Date(NOW)),
        )
        expect(inserted + updated).toBeLessThanOrEqual(1)
        refused.push(...fit.refused)
        profiles += 1
      }
    }
    expect([profiles, refused]).toEqual([116, []])
    const { rows } = await sql`
      select company_name, market_cap, dividend_yield, is_etf from company_profiles
      where symbol in ('AAPL', 'QQQ') order by symbol
    `.execute(store.database.db)
    expect(rows).toEqual([
      {
        company_name: 'Apple Inc.',
        market_cap: '3688676720640.00',
        dividend_yield: 0.0041,
        is_etf: false,
      },
      {
        company_name: 'Invesco QQQ Trust',
        market_cap: '206817771520.00',
        dividend_yield: 0.0046027857,
        is_etf: true,
      },
    ])
  })
})
