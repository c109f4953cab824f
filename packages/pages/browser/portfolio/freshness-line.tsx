import type { Analytic, Overview } from '../api/contracts.ts'
import { count } from '../format/numbers.ts'
import { longDate } from '../format/times.ts'
import { Badge, type BadgeTone } from '../ui/badge.tsx'

const TONES: Readonly<Record<'ok' | 'warning' | 'critical', BadgeTone>> = {
  ok: 'good',
  warning: 'warning',
  critical: 'critical',
}

/** Which session's prices everything rests on, and how old they are. */
export function FreshnessLine({ overview }: { readonly overview: Analytic<Overview> | null }) {
  if (overview === null) return <p class="freshness">…</p>
  const { calculation_date: date, data } = overview
  if (date === null || data === null) return <p class="freshness">No prices yet</p>
  const { sessions, severity } = data.freshness
  return (
    <p class="freshness">
      Prices of <time dateTime={date}>{longDate(date)}</time>{' '}
      <Badge tone={TONES[severity]}>
        {sessions === 0 ? 'current' : `${count(sessions, 'session')} behind`}
      </Badge>
    </p>
  )
}
