import { SigmaSightError } from '../errors/index.ts'

/** Why an edit is not made. The codes are a contract; everything in it may be shown to the owner. */
export class EditRefused extends SigmaSightError {
  readonly kind = 'edit_refused'
  readonly reason: 'invalid' | 'conflict' | 'not_found'
  readonly code: string
  /** Each thing that is wrong, where it is more than one or belongs to a field. */
  readonly problems: readonly EditProblem[]

  constructor(
    reason: EditRefused['reason'],
    code: string,
    message: string,
    problems: readonly EditProblem[] = [],
  ) {
    super(message)
    this.reason = reason
    this.code = code
    this.problems = problems
  }
}

export interface EditProblem {
  readonly field: string
  readonly code: string
  readonly message: string
}

/** A lot, event, valuation or flow that the portfolio does not have (any more). */
export function notFound(what: string, code: string): EditRefused {
  return new EditRefused('not_found', code, `The portfolio has no ${what} of this id.`)
}
