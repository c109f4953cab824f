import type { Portfolio } from '../api/contracts.ts'
import { useApi } from '../api/use-api.ts'
import { count, money, signedMoney, NONE } from '../format/numbers.ts'
import { shortDate } from '../format/times.ts'
import { accountTypeName } from '../format/words.ts'
import { UploadForm } from '../upload/upload-form.tsx'
import { Badge } from '../ui/badge.tsx'
import { Answered, Card, Nothing } from '../ui/card.tsx'
import { Signed } from '../ui/signed.tsx'
import { useTitle } from '../ui/use-title.ts'

export function HomePage() {
  useTitle('Portfolios')
  const portfolios = useApi<{ readonly portfolios: readonly Portfolio[] }>('/portfolios')
  return (
    <div class="page">
      <h1>Portfolios</h1>
      <div class="grid">
        <Card title="Your portfolios">
          <Answered query={portfolios} what="Your portfolios" lines={3}>
            {({ portfolios: list }) =>
              list.length === 0 ? (
                <Nothing>
                  None yet. Upload a CSV file of positions, and the first one is here within
                  seconds.
                </Nothing>
              ) : (
                <ul class="portfolios">
                  {list.map((portfolio) => (
                    <PortfolioLink key={portfolio.id} portfolio={portfolio} />
                  ))}
                </ul>
              )
            }
          </Answered>
        </Card>
        <Card title="Upload a portfolio">
          <UploadForm />
        </Card>
      </div>
    </div>
  )
}

function PortfolioLink({ portfolio }: { readonly portfolio: Portfolio }) {
  const { id, name, account_name, account_type, snapshot_date: date } = portfolio
  return (
    <li>
      <a href={`/portfolio/${id}`}>
        <span class="portfolio-name">{name}</span>
        <span class="portfolio-value figure">
          {date === null ? NONE : money(portfolio.net_asset_value)}
        </span>
        <span class="fine">
          {account_name} · {accountTypeName(account_type)}
          {portfolio.num_positions !== null && <> · {count(portfolio.num_positions, 'position')}</>}
        </span>
        <span class="fine figure">
          {date === null ? (
            <Badge tone="busy">not valued yet</Badge>
          ) : (
            <>
              <Signed value={portfolio.daily_pnl} text={signedMoney(portfolio.daily_pnl)} /> on{' '}
              {shortDate(date)}
            </>
          )}
        </span>
        {portfolio.is_partial === true && (
          <span>
            <Badge tone="warning">some prices are missing</Badge>
          </span>
        )}
      </a>
    </li>
  )
}
