import type { User } from '@sigmasight/core/auth'
import { EditRefused, type EditFacts } from '@sigmasight/core/portfolio-edits'
import type { OwnedPortfolio } from '@sigmasight/core/portfolios'
import { ApiError } from '../../http/api-error.ts'
import type { Context } from '../../http/endpoint.ts'
import { toRecomputeBody } from './to-body.ts'

const STATUS = { invalid: 400, conflict: 409, not_found: 404 } as const

/** Makes an edit and has the portfolio computed again. Throws ApiError when it is refused. */
export async function makeEdit<T>(
  { services, portfolio, user }: EditContext,
  facts: EditFacts<T>,
): Promise<{ readonly value: T; readonly recompute: ReturnType<typeof toRecomputeBody> }> {
  try {
    const scope = { portfolioId: portfolio.id, userId: user.id }
    const { value, recompute } = await services.edits.edit(scope, facts)
    return { value, recompute: toRecomputeBody(recompute) }
  } catch (thrown) {
    if (!(thrown instanceof EditRefused)) throw thrown
    const { reason, code, message, problems } = thrown
    const errors = problems.length === 0 ? {} : { errors: problems }
    throw new ApiError(STATUS[reason], code, message, { ...errors, cause: thrown })
  }
}

interface EditContext extends Pick<Context, 'services'> {
  readonly portfolio: OwnedPortfolio
  readonly user: User
}
