import { useApi } from '../api/use-api.ts'
import { number } from '../format/numbers.ts'
import { shortDate } from '../format/times.ts'
import { plain } from '../format/words.ts'
import { Badge } from '../ui/badge.tsx'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import type { SessionsSummary } from './contracts.ts'

/** The last sessions; one with fewer analytics than it should have stands out. */
export function SessionsCard({ version }: { readonly version: string }) {
  const query = useApi<SessionsSummary>('/admin/batch/jobs/summary?days=10', { version })
  return (
    <Card title="Sessions" note="last 10 days">
      <Answered query={query} what="The sessions" lines={6}>
        {({ sessions }) =>
          sessions.length === 0 ? (
            <Nothing>No portfolio was valued in these days.</Nothing>
          ) : (
            <Table sessions={sessions} />
          )
        }
      </Answered>
    </Card>
  )
}

function Table({ sessions }: SessionsSummary) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="The last sessions">
      <table>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col" class="figure">
              Snapshots
            </th>
            <th scope="col" class="figure">
              Failed
            </th>
            <th scope="col">Analytics</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.session} class={session.is_highlighted ? 'highlight' : undefined}>
              <th scope="row" class="when">
                {shortDate(session.session)}
              </th>
              <td class="figure">{number(session.snapshots)}</td>
              <td class="figure">{number(session.failed_items)}</td>
              <td>
                {session.is_highlighted ? (
                  <>
                    <Badge tone="warning">short of</Badge> {session.short_of.map(plain).join(', ')}
                  </>
                ) : (
                  <Badge tone="good">complete</Badge>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
