import { json, type Answer, type Endpoint } from '../http/endpoint.ts'
import { knownHistory } from '../market/history.ts'
import type { Door } from './door.ts'
import { isDelisted } from '../market/is-delisted.ts'
import { quoteFacts } from './quote-facts.ts'
import { MODULES } from './summary-modules.ts'
import { fromYahoo } from './yahoo-symbol.ts'

/** The asked modules of one symbol, as far as there is something to say. */
export function createQuoteSummary(door: Door): Endpoint {
  return {
    vendor: 'yahoo',
    name: 'quoteSummary',
    path: /^\/v10\/finance\/quoteSummary\/([^/]+)$/,
    symbols: ({ path }) => path.map(fromYahoo),
    async answer(question, { market }) {
      const refusal = door.refusal(question)
      if (refusal !== null) return refusal
      const [asked = ''] = question.path
      const symbol = fromYahoo(asked)
      const history = await knownHistory(market, symbol, question.now)
      const isGone = history === null || isDelisted(market, symbol, question.now)
      const profile = market.source.profile?.(symbol) ?? null
      const facts = isGone ? null : quoteFacts(history, profile)
      if (facts === null) return notFound(`Quote not found for symbol: ${asked}`)
      const wanted = (question.query.get('modules') ?? '').split(',')
      const modules = wanted.flatMap((name) => {
        const said = MODULES[name]?.(facts) ?? null
        return said === null ? [] : [[name, said] as const]
      })
      if (modules.length > 0) {
        return json(200, { quoteSummary: { result: [Object.fromEntries(modules)], error: null } })
      }
      const types = wanted.join(',')
      return notFound(`No fundamentals data found for any of the summaryTypes=${types}`)
    },
  }
}

function notFound(description: string): Answer {
  const error = { code: 'Not Found', description }
  return json(404, { quoteSummary: { result: null, error } })
}
