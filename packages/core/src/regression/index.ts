export { collinearity, type Collinearity } from './collinearity.ts'
export { prepareDesign, type DesignRefusal, type PreparedDesign } from './design.ts'
export { fitMany } from './fit-many.ts'
