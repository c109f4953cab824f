import { useApi } from '../api/use-api.ts'
import { moment } from '../format/times.ts'
import { Badge } from '../ui/badge.tsx'
import { Answered, Card } from '../ui/card.tsx'
import type { MetricsSummary } from './contracts.ts'

/** What is looked at whatever happens; the rest of the alerts comes from single runs. */
const WATCHED: readonly { readonly keys: readonly string[]; readonly rule: string }[] = [
  { keys: ['symbol_batch.overdue'], rule: 'Symbol batch has started by 21:15 ET' },
  { keys: ['portfolio_refresh.overdue'], rule: 'Portfolio refresh has started by 21:45 ET' },
  { keys: ['onboarding.success_rate'], rule: 'At most 5 % of onboardings fail' },
  { keys: ['symbol_batch.stale', 'portfolio_refresh.stale'], rule: 'Data is current' },
]

export function AlertsPanel({ version }: { readonly version: string }) {
  const query = useApi<MetricsSummary>('/admin/system/metrics-summary?days=1', {
    version,
    every: () => 30_000,
  })
  return (
    <Card title="Alerts">
      <Answered query={query} what="The alerts" lines={4}>
        {({ alerts }) => <Alerts alerts={alerts} />}
      </Answered>
    </Card>
  )
}

function Alerts({ alerts }: Pick<MetricsSummary, 'alerts'>) {
  const watched = new Set(WATCHED.flatMap(({ keys }) => keys))
  const others = alerts.filter(({ key }) => !watched.has(key))
  return (
    <ul class="alerts">
      {WATCHED.map(({ keys, rule }) => {
        const firing = alerts.filter(({ key }) => keys.includes(key))
        return (
          <li key={rule}>
            {firing.length === 0 ? (
              <>
                <Badge tone="good">fine</Badge> {rule}
              </>
            ) : (
              firing.map((alert) => <Firing key={alert.key} alert={alert} />)
            )}
          </li>
        )
      })}
      {others.map((alert) => (
        <li key={alert.key}>
          <Firing alert={alert} />
        </li>
      ))}
    </ul>
  )
}

function Firing({ alert }: { readonly alert: MetricsSummary['alerts'][number] }) {
  const { title, text, since, severity } = alert
  return (
    <p>
      <Badge tone={severity === 'critical' ? 'critical' : 'warning'}>{severity}</Badge>{' '}
      <strong>{title}</strong>
      {since !== null && <span class="fine"> since {moment(since)}</span>}
      {text !== null && <span class="fine alert-text">{text}</span>}
    </p>
  )
}
