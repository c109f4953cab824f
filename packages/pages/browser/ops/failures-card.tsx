import { useApi } from '../api/use-api.ts'
import { number } from '../format/numbers.ts'
import { moment } from '../format/times.ts'
import { jobName, plain } from '../format/words.ts'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import type { Failure } from './contracts.ts'

export function FailuresCard({ version }: { readonly version: string }) {
  const query = useApi<{ readonly failures: readonly Failure[] }>(
    '/admin/batch/failures?limit=50',
    {
      version,
    },
  )
  return (
    <Card title="Failures" note="last 7 days" wide>
      <Answered query={query} what="The failures" lines={3}>
        {({ failures }) =>
          failures.length === 0 ? (
            <Nothing>Nothing has failed.</Nothing>
          ) : (
            <Table failures={failures} />
          )
        }
      </Answered>
    </Card>
  )
}

function Table({ failures }: { readonly failures: readonly Failure[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="What failed, newest first">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Phase</th>
            <th scope="col">Session</th>
            <th scope="col">Why</th>
            <th scope="col" class="figure">
              Tries
            </th>
          </tr>
        </thead>
        <tbody>
          {failures.map((failure, index) => (
            <tr key={index}>
              <td class="when">{moment(failure.failed_at)}</td>
              <th scope="row">{failure.item_id ?? 'the whole phase'}</th>
              <td>
                {plain(failure.job_name)}
                <span class="fine">{jobName(failure.job_type)}</span>
              </td>
              <td class="when">{failure.session}</td>
              <td>
                {plain(failure.reason ?? 'unknown')}
                {failure.error_category !== null && ` (${failure.error_category})`}
                {failure.error_message !== null && (
                  <span class="fine breakable">{failure.error_message}</span>
                )}
              </td>
              <td class="figure">{number(failure.attempts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
