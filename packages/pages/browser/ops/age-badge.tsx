import { count } from '../format/numbers.ts'
import { Badge } from '../ui/badge.tsx'
import type { Age } from './contracts.ts'

const TONES = { ok: 'good', warning: 'warning', critical: 'critical' } as const

export function AgeBadge({ age }: { readonly age: Age }) {
  const { sessions_behind: behind, severity } = age
  const words =
    behind === null ? 'none yet' : behind === 0 ? 'current' : `${count(behind, 'session')} behind`
  return <Badge tone={TONES[severity]}>{words}</Badge>
}
