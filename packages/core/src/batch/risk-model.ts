import type { JointModel, SymbolSensitivities } from '../stress/index.ts'

/** How factors move on a date and symbols with them, the same for every portfolio. */
export interface RiskModel {
  readonly joint: JointModel
  /** Of the symbols that were asked for, maybe of others. */
  readonly sensitivities: SymbolSensitivities
}
