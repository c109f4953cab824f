export { explainPnl, type FactorDay, type PnlExplanation, type PnlFacts } from './explain-pnl.ts'
export { factorMoves } from './factor-moves.ts'
export { lotLines, type LotDay, type LotLines } from './lot-day.ts'
export { lotDays } from './lot-days.ts'
export { isRestAlarming, REST_SESSIONS } from './rest-alarm.ts'
export { roundExplanation, type RoundedExplanation } from './round-explanation.ts'
export {
  saveExplanations,
  type ExplainedPortfolio,
  type StoredExplanation,
} from './store/save-explanations.ts'
export { selectEarlierRests } from './store/select-earlier-rests.ts'
export { selectExplainedDays, type ExplainedDay } from './store/select-explained-days.ts'
export { selectOptionTheta } from './store/select-option-theta.ts'
