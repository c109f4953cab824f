import { SigmaSightError } from '../errors/index.ts'
import type { CsvProblem } from './csv/csv-problem.ts'
import type { FormProblem, PortfolioCode } from './portfolio-form.ts'

/** An upload that cannot be taken; nothing was created. */
export class OnboardingRefused extends SigmaSightError {
  readonly kind = 'onboarding_refused'
  readonly code: PortfolioCode | 'NO_PRICE_DATA'
  readonly form: readonly FormProblem[]
  readonly rows: readonly CsvProblem[]

  constructor(
    code: PortfolioCode | 'NO_PRICE_DATA',
    message: string,
    why: {
      readonly form?: readonly FormProblem[]
      readonly rows?: readonly CsvProblem[]
      readonly cause?: unknown
    } = {},
  ) {
    super(message, { cause: why.cause })
    this.code = code
    this.form = why.form ?? []
    this.rows = why.rows ?? []
  }
}
