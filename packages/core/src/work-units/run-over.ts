import { SigmaSightError } from '../errors/index.ts'

/** The run that a unit is done for has ended, or its process is gone: nothing may be written for it. */
export class RunOver extends SigmaSightError {
  readonly kind = 'run_over'
  readonly batchRunId: string

  constructor(batchRunId: string) {
    super(`run ${batchRunId} is over`)
    this.batchRunId = batchRunId
  }
}
