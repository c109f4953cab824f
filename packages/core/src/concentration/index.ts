export { concentration, type Concentration } from './concentration.ts'
export { sectorWeights, type SectorFact, type SectorWeight } from './sector-weights.ts'
export { selectSectorFacts } from './store/select-sector-facts.ts'
