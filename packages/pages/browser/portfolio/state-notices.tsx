import type { Analytic, OnboardingStatus, Overview, Portfolio } from '../api/contracts.ts'
import { count } from '../format/numbers.ts'
import { longDate, shortDate } from '../format/times.ts'
import { reasonWords } from '../format/words.ts'
import { Notice } from '../ui/notice.tsx'

/** More symbols than this are counted, not named. */
const NAMED_SYMBOLS = 12

/** What keeps the page from being the whole and present truth: said once, at the top. */
export function StateNotices({
  portfolio,
  overview,
  status,
}: {
  readonly portfolio: Portfolio | null
  readonly overview: Analytic<Overview> | null
  readonly status: OnboardingStatus | null
}) {
  return (
    <div class="notices">
      {overview?.note !== undefined && <Notice tone="info" title={overview.note} />}
      {portfolio !== null && <Recomputing portfolio={portfolio} />}
      {status !== null && <Pending status={status} />}
      {status !== null && <Failed status={status} />}
      {overview !== null && <Stale overview={overview} />}
      {overview !== null && <Missing overview={overview} status={status} />}
    </div>
  )
}

function Recomputing({ portfolio: { recompute } }: { readonly portfolio: Portfolio }) {
  if (recompute.status === 'none') return null
  const since = recompute.from === null ? '' : ` from ${shortDate(recompute.from)} on`
  return (
    <Notice
      tone="info"
      title={`Being computed again after an edit: ${count(recompute.sessions, 'session')}`}
    >
      <p>Figures{since} are of before the edit until then. The page follows by itself.</p>
    </Notice>
  )
}

function Pending({ status: { pending_symbols: symbols } }: { readonly status: OnboardingStatus }) {
  if (symbols.length === 0) return null
  return (
    <Notice tone="info" title={`${count(symbols.length, 'new symbol')} on the way`}>
      <p>
        <span class="working" aria-hidden="true" /> Nobody here has held {named(symbols)} before, so
        prices are being fetched. Figures are of everything else, and the page completes itself.
      </p>
    </Notice>
  )
}

function Failed({ status: { failed_symbols: failed } }: { readonly status: OnboardingStatus }) {
  if (failed.length === 0) return null
  return (
    <Notice tone="warning" title={`No prices for ${count(failed.length, 'symbol')}`}>
      <ul>
        {failed.slice(0, NAMED_SYMBOLS).map(({ symbol, reason }) => (
          <li key={symbol}>
            <strong>{symbol}</strong>: {reasonWords(reason)}
          </li>
        ))}
      </ul>
      {failed.length > NAMED_SYMBOLS && (
        <p>And {failed.length - NAMED_SYMBOLS} more; the positions below say which.</p>
      )}
    </Notice>
  )
}

function Stale({ overview }: { readonly overview: Analytic<Overview> }) {
  const { calculation_date: date, data } = overview
  if (date === null || data === null || data.freshness.severity === 'ok') return null
  const { sessions, severity } = data.freshness
  return (
    <Notice
      tone={severity === 'critical' ? 'critical' : 'warning'}
      title={`These figures are ${count(sessions, 'session')} behind`}
    >
      <p>
        Everything below rests on the prices of {longDate(date)}. The nightly run has not finished a
        later session for this portfolio.
      </p>
    </Notice>
  )
}

/** Missing prices that nobody is fetching and that are not told above. */
function Missing({
  overview: { data },
  status,
}: {
  readonly overview: Analytic<Overview>
  readonly status: OnboardingStatus | null
}) {
  const told = (status?.failed_symbols.length ?? 0) + (status?.pending_symbols.length ?? 0)
  if (data === null || told > 0 || data.positions_missing === 0) return null
  return (
    <Notice
      tone="warning"
      title={`${count(data.positions_missing, 'position')} without a recent price`}
    >
      <p>They are valued at their last known price and left out of the risk figures.</p>
    </Notice>
  )
}

function named(symbols: readonly string[]): string {
  const shown = symbols.slice(0, NAMED_SYMBOLS).join(', ')
  const rest = symbols.length - NAMED_SYMBOLS
  return rest > 0 ? `${shown} and ${rest} more` : shown
}
