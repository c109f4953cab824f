export {
  factorNames,
  INTEREST_RATE,
  jointFactors,
  MARKET,
  type JointFactors,
} from './joint-factors.ts'
export { jointModel, type JointModel } from './joint-model.ts'
export { lossLimit } from './loss-limit.ts'
export { portfolioSensitivities, type PortfolioSensitivities } from './portfolio-sensitivities.ts'
export { portfolioStress, type StressedPortfolio, type StressOutcome } from './portfolio-stress.ts'
export { scenarioMoves, type ScenarioMoves } from './scenario-moves.ts'
export { scenarioSchema, type Scenario } from './scenario.ts'
export { SCENARIOS } from './scenarios.ts'
export {
  symbolSensitivities,
  type Sensitivity,
  type SymbolSensitivities,
} from './symbol-sensitivities.ts'
export { readScenarios, type ScenarioFault, type ScenarioRow } from './read-scenarios.ts'
export { roundStress, type RoundedStress } from './round-stress.ts'
export { saveStressResults, type ScenarioResult } from './store/save-stress-results.ts'
export { selectActiveScenarios } from './store/select-active-scenarios.ts'
