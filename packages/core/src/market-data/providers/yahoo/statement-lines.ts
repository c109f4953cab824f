import type { YahooClient } from './yahoo-client.ts'

/** What the client calls the three statements. */
export type YahooStatement = 'financials' | 'balance-sheet' | 'cash-flow'

/** The names of the lines of each statement, as the client's answers spell them. */
export type StatementLines = Readonly<Record<YahooStatement, ReadonlySet<string>>>

/**
 * Which lines belong to which statement. One call brings the lines of all three without saying so; the
 * client has the table but shows it only in the queries it builds, so it is read off three that are
 * answered here and not sent.
 */
export async function readStatementLines(
  client: YahooClient,
  signal: AbortSignal,
): Promise<StatementLines> {
  return {
    financials: await linesOf(client, 'financials', signal),
    'balance-sheet': await linesOf(client, 'balance-sheet', signal),
    'cash-flow': await linesOf(client, 'cash-flow', signal),
  }
}

async function linesOf(
  client: YahooClient,
  module: YahooStatement,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  let types = ''
  const answerHere: typeof fetch = (input) => {
    const url = new URL(input instanceof Request ? input.url : input)
    types = url.searchParams.get('type') ?? ''
    return Promise.resolve(Response.json({ timeseries: { result: [] } }))
  }
  const period = { period1: new Date(0), period2: new Date(1000) }
  await client.ask(
    (yahoo, options) =>
      yahoo.fundamentalsTimeSeries(
        'ANY',
        { ...period, module, type: 'annual' },
        { ...options, fetch: answerHere },
      ),
    { signal },
  )
  return new Set(types.split(',').map((type) => inAnswers(type.replace(/^annual/, ''))))
}

/** `TotalRevenue` is `totalRevenue` in the client's answers, `EBITDA` stays. */
function inAnswers(name: string): string {
  return name === name.toUpperCase() ? name : `${name.charAt(0).toLowerCase()}${name.slice(1)}`
}
