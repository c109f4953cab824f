import { z } from 'zod'
import {
  onboardingLog,
  onboardingStatus,
  symbolStatus,
  type OnboardingStatus,
  type StatusLine,
} from '@sigmasight/core/onboarding'
import { isTicker } from '@sigmasight/core/symbols'
import { ApiError } from '../../http/api-error.ts'
import { endpoint, media } from '../../http/endpoint.ts'
import { portfolioParams } from '../../http/schemas.ts'
import { logSchema, statusSchema, symbolStatusSchema } from './schemas.ts'

export const getStatus = endpoint({
  method: 'GET',
  path: '/onboarding/status/:portfolioId',
  auth: 'user',
  summary: 'How far the onboarding of a portfolio is',
  params: portfolioParams,
  responses: { 200: statusSchema },
  async handler({ portfolio, services }) {
    const status = await onboardingStatus(services.onboarding, portfolio.id)
    return { status: 200, body: bodyOf(portfolio.id, status) }
  },
})

function bodyOf(portfolioId: string, status: OnboardingStatus): z.input<typeof statusSchema> {
  const { overall, current } = status
  return {
    portfolio_id: portfolioId,
    mode: status.mode,
    status: status.status,
    started_at: status.startedAt?.toISOString() ?? null,
    elapsed_seconds: status.elapsedSeconds,
    overall_progress: {
      current_phase: overall.currentPhase,
      phases_completed: overall.phasesCompleted,
      phases_total: overall.phasesTotal,
      percent_complete: overall.percentComplete,
    },
    current_phase_progress: { current: current.done, total: current.total, unit: current.unit },
    phases: status.phases.map(({ name, status: state, durationMs }) => {
      return { name, status: state, duration_ms: durationMs }
    }),
    activity_log: status.activity.map((line) => ({ ...line })),
    pending_symbols: [...status.pendingSymbols],
    failed_symbols: status.failedSymbols.map((failed) => ({ ...failed })),
  }
}

export const getLogs = endpoint({
  method: 'GET',
  path: '/onboarding/status/:portfolioId/logs',
  auth: 'user',
  summary: 'What the onboarding of a portfolio did',
  params: portfolioParams,
  query: z.strictObject({ format: z.enum(['txt', 'json']).default('json') }),
  responses: { 200: [logSchema, media('text/plain', 'One line per event.')] },
  async handler({ database, portfolio, query }) {
    const lines = await onboardingLog(database, portfolio.id)
    if (query.format === 'json') {
      const body = { portfolio_id: portfolio.id, lines: lines.map((line) => ({ ...line })) }
      return { status: 200, body }
    }
    const content = lines.map(textOf).join('')
    const filename = `onboarding-${portfolio.id}.txt`
    return { status: 200, contentType: 'text/plain; charset=utf-8', content, filename }
  },
})

function textOf({ at, level, message }: StatusLine): string {
  return `${at} ${level.toUpperCase()} ${message}\n`
}

export const getSymbolStatus = endpoint({
  method: 'GET',
  path: '/symbols/:symbol/status',
  auth: 'user',
  summary: 'Whether a symbol has prices and factors, or when it will',
  params: z.strictObject({ symbol: z.string().min(1).max(64) }),
  responses: { 200: symbolStatusSchema },
  problems: { 400: 'INVALID_SYMBOL: no symbol is spelt like that.' },
  async handler({ params, services }) {
    const symbol = params.symbol.trim().toUpperCase()
    const isPlain = /^[\x20-\x7e]*$/.test(params.symbol)
    if (!isPlain || !isTicker(symbol)) {
      throw new ApiError(400, 'INVALID_SYMBOL', 'No symbol is spelt like that.')
    }
    const { status, estimatedSeconds, reason } = await symbolStatus(services.onboarding, symbol)
    return {
      status: 200,
      body: { symbol, status, estimated_seconds: estimatedSeconds, reason },
    }
  },
})
